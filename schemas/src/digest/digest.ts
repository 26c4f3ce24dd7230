// SHA-256 digests: the names of bundles, blobs and definitions. Needs node:crypto, hence a subpath of its own.

import { createHash } from 'node:crypto';

/** `sha256:` and 64 lowercase hex digits: the algorithm travels with the name. */
export type Digest = `sha256:${string}`;

const digestPattern = /^sha256:[0-9a-f]{64}$/;
const prefix = 'sha256:';

export function digestOf(data: Uint8Array | string): Digest {
  return `${prefix}${sha256Hex(data)}`;
}

/** Text is hashed as UTF-8. INVARIANT: it is well-formed, since a lone surrogate and U+FFFD hash alike. */
export function sha256Hex(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

export function sha256Bytes(data: Uint8Array | string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(data).digest());
}

/** Whether a value read from outside is a digest, in its one spelling. */
export function isDigest(value: unknown): value is Digest {
  return typeof value === 'string' && digestPattern.test(value);
}

/** The hex digits alone: safe as a file name or in a URL. */
export function hexOf(digest: Digest): string {
  return digest.slice(prefix.length);
}
