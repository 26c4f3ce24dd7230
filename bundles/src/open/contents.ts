// What the files of a bundle say, once their bytes are known to be right. The builder runs the same checks, so a
// refusal here means a bundle that no builder of ours made.

import { entityKey, type CedarEntity } from '@cardea/schemas/cedar';
import { parseStrictJson, type JsonValue } from '@cardea/schemas/json';
import { readCatalog, toolEntities, type Catalog } from '@cardea/schemas/mcp';
import { BundleRefusal } from './bundleRefusal.ts';
import { readEntities } from './entities.ts';
import { FieldFault } from './fields.ts';
import type { Manifest } from './manifest.ts';
import { readProject, type BundleSettings } from './project.ts';

export interface BundleContents {
  /** Sorted by path. */
  readonly policyFiles: readonly PolicyFile[];
  /** Of profile `plain` only: in `mcp` each tool has a schema of its own. */
  readonly schemaText?: string;
  /** Servers, tools and actions, or what `entities.json` holds. */
  readonly entities: readonly CedarEntity[];
  /** Sorted by server. */
  readonly catalogs: readonly Catalog[];
  readonly settings: BundleSettings;
}

export interface PolicyFile {
  readonly path: string;
  readonly text: string;
}

/** Catalogs of 10,000 tools; their schemas are many small values. */
export const catalogLimits = { bytesMax: 16 * 1024 * 1024, nodesMax: 4_000_000 } as const;

type BundleFiles = ReadonlyMap<string, Uint8Array>;

/** Throws BundleRefusal with `bundle_unusable`. */
export function readContents(manifest: Manifest, files: BundleFiles): BundleContents {
  try {
    const project = readProject(requireFile(files, 'cardea.json'));
    if (project.organisation !== manifest.organisation || project.profile !== manifest.profile) {
      throw new Error('cardea.json and manifest disagree');
    }
    const policyFiles = readPolicyFiles(files);
    const { settings } = project;
    if (project.profile === 'plain') {
      const schemaText = decodeText(requireFile(files, 'schema.cedarschema'));
      const entitiesFile = files.get('entities.json');
      const entities = entitiesFile === undefined ? [] : readEntities(readJson(entitiesFile));
      return { policyFiles, schemaText, entities, catalogs: [], settings };
    }
    const catalogs = readCatalogs(files);
    return { policyFiles, entities: joinEntities(catalogs), catalogs, settings };
  } catch (cause) {
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    throw new BundleRefusal('bundle_unusable', `the files of this bundle do not fit together${why}`, {
      cause,
    });
  }
}

/** Throws Refusal for a catalog that is malformed, FieldFault where it is not that of the server its file names. */
export function readCatalogFile(path: string, value: JsonValue): Catalog {
  const catalog = readCatalog(value);
  if (path === `catalog/${catalog.server.id}.json`) return catalog;
  throw new FieldFault('/server/id', `is ${catalog.server.id}, and the file is ${path}`);
}

/** What several catalogs name (groups, toolsets, common action groups) is the same in each. */
export function joinEntities(catalogs: readonly Catalog[]): CedarEntity[] {
  const entities = catalogs.flatMap(toolEntities);
  return [...new Map(entities.map((entity) => [entityKey(entity.uid), entity])).values()];
}

export function readJson(bytes: Uint8Array): JsonValue {
  return parseStrictJson(bytes, catalogLimits);
}

export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

function readCatalogs(files: BundleFiles): Catalog[] {
  const paths = [...files.keys()].filter((path) => path.startsWith('catalog/')).sort();
  return paths.map((path) => readCatalogFile(path, readJson(requireFile(files, path))));
}

function readPolicyFiles(files: BundleFiles): PolicyFile[] {
  const paths = [...files.keys()].filter(isPolicyPath).sort();
  return paths.map((path) => ({ path, text: decodeText(requireFile(files, path)) }));
}

export function isPolicyPath(path: string): boolean {
  return path.startsWith('policies/');
}

function requireFile(files: BundleFiles, path: string): Uint8Array {
  const bytes = files.get(path);
  if (bytes === undefined) throw new Error(`${path} is missing`);
  return bytes;
}
