// From an archive that nobody trusts to a bundle whose every byte is accounted for: the signature names the digest,
// the digest fixes the manifest, the manifest fixes every file and the engine. In this order, so that nothing is
// parsed before it is known to come from a trusted publisher.

import { digestOf, type Digest } from '@cardea/schemas/digest';
import { BundleRefusal } from './bundleRefusal.ts';
import { ArchiveFault, type BundleSource } from './bundleSource.ts';
import { isPolicyPath, readContents, type BundleContents } from './contents.ts';
import { readManifest, type Manifest } from './manifest.ts';
import { requireSeal } from './seal.ts';
import { requireTrusted, type Trust } from './trust.ts';

export interface OpenedBundle extends BundleContents {
  readonly digest: Digest;
  readonly manifest: Manifest;
  /** The engine's .wasm, as archived. */
  readonly engineBytes: Uint8Array;
}

/**
 * How much of a bundle is read. `offer` leaves out what evaluates: there are no policy files and no engine bytes then.
 * For whoever asks others for verdicts, and has to know what is offered.
 */
export type BundleScope = 'whole' | 'offer';

/** One file of a bundle. */
export const fileBytesMax = 16 * 1024 * 1024;

/** All files of a bundle together, without the engine. */
export const bundleBytesMax = 128 * 1024 * 1024;

const engineBytesMax = 32 * 1024 * 1024;

/** Blobs fetched at once: a URL answers many small ones slowly. */
const readsAtOnce = 16;

export interface OpenOptions {
  /** May refuse the manifest before more is fetched. */
  readonly vet?: (manifest: Manifest) => void;
  readonly scope?: BundleScope;
}

/** Throws BundleRefusal; whatever was in service stays there. */
export async function openBundle(
  source: BundleSource,
  digest: Digest,
  trust: Trust,
  scope?: BundleScope,
): Promise<OpenedBundle> {
  await requireSealed(source, digest, trust);
  const vet = (manifest: Manifest): void => {
    requireTrusted(manifest, trust);
  };
  return readBundle(source, digest, { vet, ...(scope === undefined ? {} : { scope }) });
}

/** The manifest's own bytes, of a bundle that a trusted publisher signed for this organisation. Throws BundleRefusal. */
export async function readSealedManifest(
  source: BundleSource,
  digest: Digest,
  trust: Pick<Trust, 'organisation' | 'verifiers'>,
): Promise<Uint8Array> {
  await requireSealed(source, digest, trust);
  const bytes = await fetchPart(() => source.readManifest(digest));
  requireDigest(bytes, digest);
  return bytes;
}

async function requireSealed(
  source: BundleSource,
  digest: Digest,
  { organisation, verifiers }: Pick<Trust, 'organisation' | 'verifiers'>,
): Promise<void> {
  const signature = await fetchPart(() => source.readSignature(digest), 'bundle_unsigned');
  requireSeal(signature, { organisation, bundle: digest }, verifiers);
}

/**
 * A bundle that whoever looks at it named by its digest: every byte is checked against that, and not who published it.
 * To be read, and not to be served. Throws BundleRefusal.
 */
export async function readBundle(
  source: BundleSource,
  digest: Digest,
  { vet, scope = 'whole' }: OpenOptions = {},
): Promise<OpenedBundle> {
  const manifestBytes = await fetchPart(() => source.readManifest(digest));
  requireDigest(manifestBytes, digest);
  const manifest = readManifest(manifestBytes);
  vet?.(manifest);
  const files = await readFiles(source, manifest, scope);
  const engineBytes =
    scope === 'whole' ? await readBlob(source, manifest.engine.digest, engineBytesMax) : new Uint8Array();
  return { digest, manifest, engineBytes, ...readContents(manifest, files) };
}

async function readFiles(
  source: BundleSource,
  manifest: Manifest,
  scope: BundleScope,
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const isRead = (path: string): boolean => scope === 'whole' || !isPolicyPath(path);
  const paths = Object.keys(manifest.files).filter(isRead).sort();
  let bytesLeft = bundleBytesMax;
  for (let at = 0; at < paths.length; at += readsAtOnce) {
    const batch = paths.slice(at, at + readsAtOnce);
    const blobs = await Promise.all(
      batch.map((path) => readBlob(source, manifest.files[path] as Digest, fileBytesMax)),
    );
    for (const [index, blob] of blobs.entries()) {
      bytesLeft -= blob.length;
      if (bytesLeft < 0)
        throw new BundleRefusal('bundle_too_large', `a bundle may have ${bundleBytesMax} bytes`);
      files.set(batch[index] as string, blob);
    }
  }
  return files;
}

async function readBlob(source: BundleSource, digest: Digest, bytesMax: number): Promise<Uint8Array> {
  const bytes = await fetchPart(() => source.readBlob(digest, bytesMax));
  requireDigest(bytes, digest);
  return bytes;
}

function requireDigest(bytes: Uint8Array, digest: Digest): void {
  if (digestOf(bytes) !== digest)
    throw new BundleRefusal('bundle_tampered', `these are not the bytes of ${digest}`);
}

async function fetchPart(
  read: () => Promise<Uint8Array>,
  whenMissing: 'bundle_incomplete' | 'bundle_unsigned' = 'bundle_incomplete',
): Promise<Uint8Array> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof ArchiveFault)) throw cause;
    switch (cause.code) {
      case 'archive_missing':
        throw new BundleRefusal(whenMissing, cause.message, { cause });
      case 'archive_too_large':
        throw new BundleRefusal('bundle_too_large', cause.message, { cause });
      case 'archive_unreachable':
        throw new BundleRefusal('bundle_unreachable', cause.message, { cause });
    }
  }
}
