// An entry as it stands in Redis, which anybody may have written: nothing in it is read before its seal has been checked.
//
//   entry = 01 | key id (8 bytes) | HMAC-SHA-256 (32 bytes) over all but itself | content
import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import { keyIdBytes, type EntryKey } from './entryKeys.ts';

const version = 1;
const macBytes = 32;
const macAt = 1 + keyIdBytes;
const contentAt = macAt + macBytes;

/** Longer ones are neither written nor read: no question that is shared is so long. */
export const entryBytesMax = 64 * 1024;

export type Opened =
  | { readonly kind: 'opened'; readonly content: Buffer }
  | { readonly kind: 'refused'; readonly why: 'too_large' | 'malformed' | 'unknown_key' | 'forged' };

export function sealEntry(content: Uint8Array, { id, key }: EntryKey): Buffer {
  const head = Buffer.from([version, ...id]);
  return Buffer.concat([head, sign(key, head, content), content]);
}

/** `keyOf` is asked for the key of an id that the writer of the entry has chosen. */
export function openEntry(entry: Buffer, keyOf: (id: Buffer) => KeyObject | undefined): Opened {
  if (entry.length > entryBytesMax) return { kind: 'refused', why: 'too_large' };
  if (entry.length < contentAt || entry[0] !== version) return { kind: 'refused', why: 'malformed' };
  const key = keyOf(entry.subarray(1, macAt));
  if (key === undefined) return { kind: 'refused', why: 'unknown_key' };
  const content = entry.subarray(contentAt);
  const isRight = timingSafeEqual(
    sign(key, entry.subarray(0, macAt), content),
    entry.subarray(macAt, contentAt),
  );
  return isRight ? { kind: 'opened', content } : { kind: 'refused', why: 'forged' };
}

function sign(key: KeyObject, head: Buffer, content: Uint8Array): Buffer {
  return createHmac('sha256', key).update(head).update(content).digest();
}
