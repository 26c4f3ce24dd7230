// The manifest: what a bundle consists of, by digest. Its canonical bytes are hashed for the bundle's name, so the same
// sources have the same name on every machine: no times, no absolute paths, no order of files.

import { isDigest, type Digest } from '@cardea/schemas/digest';
import {
  canonicalBytes,
  isJsonObject,
  parseStrictJson,
  type JsonObject,
  type JsonValue,
} from '@cardea/schemas/json';
import { BundleRefusal } from './bundleRefusal.ts';
import { manifestBytesMax } from './bundleSource.ts';
import { Fields } from './fields.ts';

export const bundleFormat = 'cardea-bundle/1';

/**
 * The rules outside the engine that shape a verdict: mapping, slicing, hold. A change of any of them that can change a
 * verdict takes the next number, and the old one stays runnable.
 */
export const semantics = 1;

export const profiles = ['mcp', 'plain'] as const;

/** `mcp`: catalogs give types and entities. `plain`: any Cedar schema and entities of its own. */
export type Profile = (typeof profiles)[number];

export interface Manifest {
  readonly format: typeof bundleFormat;
  readonly organisation: string;
  readonly profile: Profile;
  readonly semantics: number;
  readonly engine: { readonly version: string; readonly digest: Digest };
  readonly files: Readonly<Record<string, Digest>>;
  /** Digest of each policy's exact text, by id: what guardrails are pinned by, and what differs between bundles. */
  readonly policies: Readonly<Record<string, Digest>>;
}

/** Files of one bundle; policies may be kept many to a file. */
export const filesMax = 20_000;

/** Policies of one bundle. */
export const policiesMax = 20_000;

export const organisationPattern = /^[a-z0-9](?:[a-z0-9.-]{0,126}[a-z0-9])?$/;
const versionPattern = /^\d{1,4}\.\d{1,4}\.\d{1,4}$/;
const pathPattern =
  /^(?:cardea\.json|schema\.cedarschema|entities\.json|catalog\/[a-z][a-z0-9-]{0,62}\.json|policies(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}){1,8}\.cedar)$/;
const policyIdCharactersMax = 256;

/** Whether a bundle can hold a file of this path. Every segment is a plain name: nothing can lead out of a folder. */
export function isBundlePath(path: string): boolean {
  return pathPattern.test(path);
}

export function writeManifest(manifest: Manifest): Uint8Array {
  return canonicalBytes({ ...manifest });
}

/** Throws BundleRefusal. Bytes that are not the canonical form of what they say are refused too. */
export function readManifest(bytes: Uint8Array): Manifest {
  try {
    const value = parseStrictJson(bytes, { bytesMax: manifestBytesMax });
    const manifest = checkManifest(value);
    if (Buffer.compare(canonicalBytes(value), bytes) !== 0) throw new Error('it is not in canonical form');
    return manifest;
  } catch (cause) {
    if (cause instanceof BundleRefusal) throw cause;
    throw new BundleRefusal('bundle_tampered', 'this is not the manifest of a bundle', { cause });
  }
}

function checkManifest(value: JsonValue): Manifest {
  const top = new Fields(value, [
    'engine',
    'files',
    'format',
    'organisation',
    'policies',
    'profile',
    'semantics',
  ]);
  top.oneOf('format', [bundleFormat]);
  const engine = top.fields('engine', ['digest', 'version']);
  const number = top.integer('semantics', 1, Number.MAX_SAFE_INTEGER);
  if (number !== semantics) {
    throw new BundleRefusal('bundle_unknown_semantics', `this program decides by semantics ${semantics}`);
  }
  return {
    format: bundleFormat,
    organisation: top.text('organisation', organisationPattern),
    profile: top.oneOf('profile', profiles),
    semantics: number,
    engine: { version: engine.text('version', versionPattern), digest: engine.digest('digest') },
    files: readDigests(top, 'files', (path) => isBundlePath(path), filesMax),
    policies: readDigests(top, 'policies', isPolicyId, policiesMax),
  };
}

/** Ids travel in records, headers and error messages. */
export function isPolicyId(id: string): boolean {
  return id !== '' && id.length <= policyIdCharactersMax && id.isWellFormed() && !/\p{Cc}/u.test(id);
}

function readDigests(
  top: Fields,
  name: string,
  isKey: (key: string) => boolean,
  countMax: number,
): JsonObject & Readonly<Record<string, Digest>> {
  const value = top.value(name);
  if (!isJsonObject(value)) throw top.fault(name, 'must be an object');
  const entries = Object.entries(value);
  const isFormed = entries.every(([key, digest]) => isKey(key) && isDigest(digest));
  if (!isFormed || entries.length > countMax)
    throw top.fault(name, `must map at most ${countMax} names to digests`);
  return value as JsonObject & Readonly<Record<string, Digest>>;
}
