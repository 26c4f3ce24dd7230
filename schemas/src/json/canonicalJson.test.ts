import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonValues } from './arbitraries.ts';
import type { JsonValue } from './index.ts';
import { canonicalBytes, canonicalJson, isJsonObject, parseStrictJson } from './index.ts';

interface Vectors {
  readonly documents: readonly { name: string; text: string; canonical: string }[];
  readonly numbers: readonly { bits: string; canonical: string }[];
  readonly integers: readonly { integer: string }[];
  readonly refused: readonly { bits: string }[];
}

const file = new URL('../../vectors/canonicalJson.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

function readDouble(bits: string): number {
  return Buffer.from(bits, 'hex').readDoubleBE();
}

/** The same value with the keys of every object in another order. */
function reorder(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(reorder);
  if (!isJsonObject(value)) return value;
  const object = Object.create(null) as Record<string, JsonValue>;
  for (const [key, child] of Object.entries(value).reverse()) object[key] = reorder(child);
  return object;
}

describe('canonicalJson', () => {
  // By JSON.parse, since the examples of the RFC hold numbers that the strict parser refuses.
  it.each(vectors.documents)('writes $name', ({ text, canonical }) => {
    expect(canonicalJson(JSON.parse(text) as JsonValue)).toBe(canonical);
    expect(canonicalJson(JSON.parse(canonical) as JsonValue)).toBe(canonical);
    expect(Buffer.from(canonicalBytes(JSON.parse(text) as JsonValue)).toString('utf8')).toBe(canonical);
  });

  it.each(vectors.numbers)('writes the double $bits as $canonical', ({ bits, canonical }) => {
    expect(canonicalJson(readDouble(bits))).toBe(canonical);
  });

  it.each(vectors.integers)('writes $integer exactly', ({ integer }) => {
    expect(canonicalJson(BigInt(integer))).toBe(integer);
  });

  it.each(vectors.refused)('refuses the double $bits', ({ bits }) => {
    expect(() => canonicalJson(readDouble(bits))).toThrow(
      expect.objectContaining({ code: 'inexact_number' }),
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(jsonValues, (value) => {
        expect(canonicalJson(reorder(value))).toBe(canonicalJson(value));
      }),
      { numRuns: 500 },
    );
  });

  it('comes back as itself when it is parsed and written again', () => {
    fc.assert(
      fc.property(jsonValues, (value) => {
        const canonical = canonicalJson(value);
        expect(canonicalJson(parseStrictJson(canonical))).toBe(canonical);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves the value as it was', () => {
    const value = parseStrictJson('{"b":1,"a":2}');
    canonicalJson(value);
    expect(Object.keys(value as object)).toEqual(['b', 'a']);
  });
});
