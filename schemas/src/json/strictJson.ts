// The one JSON reader of the product: what it accepts means the same to every other reader, and everything else is
// refused with a code and a position. Stricter than RFC 8259 where that leaves readers free to differ (I-JSON,
// RFC 7493, is the nearest public profile).

import type { NumberReading } from './exactNumber.ts';
import type { JsonPosition } from './jsonRefusal.ts';
import type { JsonLimits } from './limits.ts';
import { resolveLimits } from './limits.ts';
import { locateValue } from './locate.ts';
import { JsonParser } from './jsonParser.ts';
import { readSource } from './sourceText.ts';
import type { JsonValue } from './value.ts';

export interface JsonDocument {
  readonly value: JsonValue;
  /**
   * Where the value at a JSON Pointer begins; undefined where the document has none. Scans the text anew on each
   * call. Throws a Refusal with `invalid_request` for a malformed pointer.
   */
  readonly locate: (pointer: string) => JsonPosition | undefined;
}

export interface JsonReading extends Partial<JsonLimits> {
  /** `exact` where it is not given. */
  readonly numbers?: NumberReading;
}

/**
 * Objects come without a prototype; nothing is frozen. An integer is a number where that is safe, else a bigint.
 * Throws a JsonRefusal with `invalid_json`, `duplicate_key`, `inexact_number`, `invalid_text`, `too_deep` or
 * `too_large`, and a RangeError for limits that are none.
 */
export function parseStrictJson(input: Uint8Array | string, reading?: JsonReading): JsonValue {
  return parseCountedJson(input, reading).value;
}

/** The same, for whoever has to know what it will take to go on with: `values` is how many there are. */
export function parseCountedJson(
  input: Uint8Array | string,
  reading?: JsonReading,
): { readonly value: JsonValue; readonly values: number } {
  const resolved = resolveLimits(reading);
  const parser = new JsonParser(readSource(input, resolved.bytesMax), resolved, reading?.numbers);
  return { value: parser.parseDocument(), values: parser.values };
}

/** The same, for files whose authors are to be told the line. Holds the text for as long as it lives. */
export function parseStrictDocument(input: Uint8Array | string, limits?: Partial<JsonLimits>): JsonDocument {
  const resolved = resolveLimits(limits);
  const text = readSource(input, resolved.bytesMax);
  const value = new JsonParser(text, resolved).parseDocument();
  return { value, locate: (pointer) => locateValue(text, pointer) };
}
