export { compileBundle, EngineModules, loadEngine, makeEngine, type CompiledBundle } from './activate.ts';
export { DirectoryArchive } from './archive/directoryArchive.ts';
export { FolderLockBusy, withFolderLock } from './archive/folderLock.ts';
export { UrlArchive, type UrlArchiveOptions } from './archive/urlArchive.ts';
export { buildBundle, type BuildOptions, type BuildResult, type BuiltBundle } from './build/buildBundle.ts';
export { type BuildCode, type BuildProblem } from './build/buildProblem.ts';
export { addGuardrails, pinGuardrails } from './build/guardrails.ts';
export { parseSources, type ParsedSources, type ParseResult } from './build/parseSources.ts';
export { readSources, type SourceResult, type SourceTree } from './build/sourceTree.ts';
export { ValidationCacheFile, type ValidationCache } from './build/validationCache.ts';
export { diffBundles, type BundleDiff, type Difference } from './diff.ts';
export { findPrevious } from './history.ts';
export { loadInstalledEngine, makeEngineFile, type EngineFile } from './engineFile.ts';
export {
  publish,
  rollback,
  storeUnsigned,
  viewBuilt,
  type Publisher,
  type PublishOptions,
  type PublishResult,
} from './publish.ts';
export { ExplicitReader } from './schema/explicitValue.ts';
export { SchemaTypes, type NamedType, type ResolvedType } from './schema/schemaTypes.ts';
export { readEntities } from './open/entities.ts';
export { FieldFault } from './open/fields.ts';
