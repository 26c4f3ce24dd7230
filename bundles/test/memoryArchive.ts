// An archive in memory that does whatever it is told: what tests tamper with.

import { digestOf, type Digest } from '@cardea/schemas/digest';
import { canonicalBytes, type JsonValue } from '@cardea/schemas/json';
import type { Signer } from '@cardea/schemas/note';
import type { BuiltBundle } from '../src/build/buildBundle.ts';
import { ArchiveFault, type AuthorityAnswer, type BundleSource } from '../src/open/bundleSource.ts';
import { writeSeal } from '../src/open/seal.ts';
import { signer } from './sample.ts';

export class MemoryArchive implements BundleSource {
  readonly manifests = new Map<Digest, Uint8Array>();
  readonly signatures = new Map<Digest, Uint8Array>();
  readonly blobs = new Map<Digest, Uint8Array>();

  readManifest(digest: Digest): Promise<Uint8Array> {
    return this.#read(this.manifests.get(digest), 'manifest');
  }

  readSignature(digest: Digest): Promise<Uint8Array> {
    return this.#read(this.signatures.get(digest), 'signature');
  }

  readBlob(digest: Digest, bytesMax: number): Promise<Uint8Array> {
    const blob = this.blobs.get(digest);
    if (blob === undefined || blob.length <= bytesMax) return this.#read(blob, 'blob');
    return Promise.reject(new ArchiveFault('archive_too_large', 'too large'));
  }

  readHead(): Promise<Uint8Array> {
    return this.#read(undefined, 'head');
  }

  readAuthority(): Promise<AuthorityAnswer> {
    return Promise.reject(new ArchiveFault('archive_missing', 'no authority'));
  }

  #read(bytes: Uint8Array | undefined, name: string): Promise<Uint8Array> {
    return bytes === undefined
      ? Promise.reject(new ArchiveFault('archive_missing', `no ${name}`))
      : Promise.resolve(bytes);
  }
}

export function archive(bundle: BuiltBundle, key = signer, organisation = 'acme'): MemoryArchive {
  const kept = new MemoryArchive();
  bundle.blobs.forEach((bytes, digest) => kept.blobs.set(digest, bytes));
  kept.manifests.set(bundle.digest, bundle.manifestBytes);
  kept.signatures.set(bundle.digest, writeSeal({ organisation, bundle: bundle.digest }, key));
  return kept;
}

/** What a publisher with a trusted key, and no builder of ours, could put up instead. */
export function archiveForged(
  bundle: BuiltBundle,
  manifest: Uint8Array | object,
  extra: { readonly files?: readonly Uint8Array[]; readonly key?: Signer } = {},
): { source: MemoryArchive; digest: Digest } {
  const bytes = manifest instanceof Uint8Array ? manifest : canonicalBytes(manifest as JsonValue);
  const digest = digestOf(bytes);
  const source = archive({ ...bundle, digest, manifestBytes: bytes }, extra.key);
  for (const file of extra.files ?? []) source.blobs.set(digestOf(file), file);
  return { source, digest };
}
