// One text per value, for digests: the JSON Canonicalization Scheme (RFC 8785). It differs in one point. RFC 8785 has
// doubles only and would round a bigint; here a bigint is written as its exact digits, so that two integers never
// share a digest. Documents without integers beyond 2^53 come out exactly as the RFC says.

import { writeInt64 } from './exactNumber.ts';
import type { JsonForm } from './serialise.ts';
import { serialise } from './serialise.ts';
import type { JsonValue } from './value.ts';
import { encodeText } from './wellFormed.ts';

// The default sort compares UTF-16 code units (RFC 8785, 3.2.3); String is the number form of 3.2.2.3, -0 included.
const canonical: JsonForm = {
  orderKeys: (keys) => keys.sort(),
  writeNumber: String,
  writeInteger: writeInt64,
};

/** Throws a Refusal as `serialise` says. */
export function canonicalJson(value: JsonValue): string {
  return serialise(value, canonical);
}

/** The same in UTF-8: what is hashed. */
export function canonicalBytes(value: JsonValue): Uint8Array {
  return encodeText(canonicalJson(value));
}
