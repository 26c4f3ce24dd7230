// JSON Pointers (RFC 6901): the one way in which paths into documents are named.

import { Refusal } from '../codes/refusal.ts';
import { quoteExcerpt } from './excerpt.ts';
import type { JsonValue } from './value.ts';
import { isJsonObject } from './value.ts';

const arrayIndex = /^(?:0|[1-9][0-9]*)$/;

/** `['a/b', '0']` becomes `/a~1b/0`; no segments are the whole document, the empty pointer. */
export function formatPointer(segments: readonly string[]): string {
  let pointer = '';
  for (const segment of segments) pointer += `/${escapeSegment(segment)}`;
  return pointer;
}

/** Throws a Refusal with `invalid_request` for text that is no pointer. */
export function parsePointer(text: string): string[] {
  if (text === '') return [];
  if (!text.startsWith('/') || /~(?![01])/.test(text)) {
    throw new Refusal('invalid_request', `${quoteExcerpt(text)} is not a JSON Pointer`);
  }
  return text.slice(1).split('/').map(unescapeSegment);
}

/** The value that the pointer names; undefined where there is none. Throws as `parsePointer` does. */
export function readPointer(value: JsonValue, pointer: string): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const segment of parsePointer(pointer)) {
    if (current === undefined) return undefined;
    current = readSegment(current, segment);
  }
  return current;
}

/** The index that a segment names in an array. `-`, the element after the last, names no value. */
export function parseArrayIndex(segment: string): number | undefined {
  return arrayIndex.test(segment) ? Number(segment) : undefined;
}

function readSegment(value: JsonValue, segment: string): JsonValue | undefined {
  if (isJsonObject(value)) return Object.hasOwn(value, segment) ? value[segment] : undefined;
  const index = parseArrayIndex(segment);
  return Array.isArray(value) && index !== undefined ? (value as readonly JsonValue[])[index] : undefined;
}

function escapeSegment(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}

// In this order: `~01` is `~1`, not `/` (RFC 6901, 4).
function unescapeSegment(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
