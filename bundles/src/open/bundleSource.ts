// Where bundles come from: an archive in a directory or behind a URL. Whoever implements this is not trusted: every
// byte is checked against a digest or a signature by the reader.

import type { Digest } from '@cardea/schemas/digest';

/** All methods throw ArchiveFault, and nothing else. */
export interface BundleSource {
  readManifest(digest: Digest): Promise<Uint8Array>;
  /** The note in which a publisher signed the manifest's digest. */
  readSignature(digest: Digest): Promise<Uint8Array>;
  readBlob(digest: Digest, bytesMax: number): Promise<Uint8Array>;
  /** The note that names the published bundle. */
  readHead(): Promise<Uint8Array>;
  /** The authority statement; `etag` is that of the answer before, which an unchanged one need not repeat. */
  readAuthority(etag?: string): Promise<AuthorityAnswer>;
}

export type AuthorityAnswer =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'changed'; readonly bytes: Uint8Array; readonly etag?: string };

export class ArchiveFault extends Error {
  readonly code: 'archive_missing' | 'archive_too_large' | 'archive_unreachable';

  constructor(code: ArchiveFault['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ArchiveFault';
    this.code = code;
  }
}

/** Manifests list every file and policy: room for 20,000 of each. */
export const manifestBytesMax = 8 * 1024 * 1024;

/** Signatures, heads and statements. */
export const statementBytesMax = 64 * 1024;
