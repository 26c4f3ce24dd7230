export { BundleRefusal, type BundleCode } from './bundleRefusal.ts';
export { ArchiveFault, type AuthorityAnswer, type BundleSource } from './bundleSource.ts';
export { type BundleContents, type PolicyFile } from './contents.ts';
export { readManifest, semantics, type Manifest, type Profile } from './manifest.ts';
export {
  openBundle,
  readBundle,
  readSealedManifest,
  type BundleScope,
  type OpenedBundle,
} from './openBundle.ts';
export { readProject, type BundleSettings, type Counter } from './project.ts';
export { openHead, readHead, type Head } from './seal.ts';
export { type Guardrails, type Trust } from './trust.ts';
