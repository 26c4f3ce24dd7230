import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { texts } from './arbitraries.ts';
import type { Field } from './index.ts';
import { decodeFields, encodeFields, encodedBytesMax, fieldsDepthMax, narrowInteger } from './index.ts';

/** A field as the vectors spell it: bytes as hex, integers as digits. */
interface SpeltField {
  readonly tag: number;
  readonly text?: string;
  readonly hex?: string;
  readonly integer?: string;
  readonly list?: readonly SpeltField[];
}

interface Vectors {
  readonly encoded: readonly { name: string; fields: readonly SpeltField[]; hex: string }[];
  readonly refused: readonly { name: string; code: string; hex: string }[];
}

const file = new URL('../../vectors/tagLength.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

function readSpelling({ tag, text, hex, integer, list }: SpeltField): Field {
  if (text !== undefined) return { tag, text };
  if (hex !== undefined) return { tag, bytes: readHex(hex) };
  if (integer !== undefined) return { tag, integer: narrowInteger(BigInt(integer)) };
  return list === undefined ? { tag, absent: true } : { tag, list: list.map(readSpelling) };
}

// A plain Uint8Array: a Buffer would differ from it in a deep comparison.
function readHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

const tags = fc.constantFrom(0, 1, 2, 255);
const integers = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(narrowInteger);

const { fields } = fc.letrec<{ field: Field; fields: Field[] }>((tie) => ({
  field: fc.oneof(
    { maxDepth: 3 },
    fc.record({ tag: tags, absent: fc.constant(true as const) }, { noNullPrototype: true }),
    fc.record({ tag: tags, text: texts }, { noNullPrototype: true }),
    fc.record({ tag: tags, bytes: fc.uint8Array({ maxLength: 12 }) }, { noNullPrototype: true }),
    fc.record(
      { tag: tags, integer: fc.oneof(integers, fc.integer({ min: -2, max: 2 })) },
      { noNullPrototype: true },
    ),
    fc.record({ tag: tags, list: tie('fields') }, { noNullPrototype: true }),
  ),
  fields: fc.array(tie('field'), { maxLength: 4 }),
}));

describe('encodeFields', () => {
  it.each(vectors.encoded)('writes $name', ({ fields: spelt, hex }) => {
    const list = spelt.map(readSpelling);
    expect(toHex(encodeFields(list))).toBe(hex);
    expect(decodeFields(readHex(hex))).toEqual(list);
  });

  it('gives no two vectors the same bytes', () => {
    expect(new Set(vectors.encoded.map(({ hex }) => hex)).size).toBe(vectors.encoded.length);
  });

  it('is undone by decodeFields', () => {
    fc.assert(
      fc.property(fields, (list) => {
        expect(isDeepStrictEqual(decodeFields(encodeFields(list)), list)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives two lists the same bytes only when they are the same list', () => {
    fc.assert(
      fc.property(fields, fields, (one, other) => {
        const isSame = toHex(encodeFields(one)) === toHex(encodeFields(other));
        expect(isSame).toBe(isDeepStrictEqual(one, other));
      }),
      { numRuns: 5000 },
    );
  });

  it.each<[string, Field, string]>([
    ['a lone surrogate', { tag: 1, text: '\ud800' }, 'invalid_text'],
    ['an integer beyond 64 bits', { tag: 1, integer: 2n ** 63n }, 'inexact_number'],
    ['a number that is no safe integer', { tag: 1, integer: 2 ** 53 }, 'inexact_number'],
    ['a fraction', { tag: 1, integer: 0.5 }, 'inexact_number'],
    ['a tag above a byte', { tag: 256, text: '' }, 'internal_fault'],
    ['a negative tag', { tag: -1, text: '' }, 'internal_fault'],
    ['a tag that is no integer', { tag: 1.5, text: '' }, 'internal_fault'],
    ['more bytes than the limit', { tag: 1, bytes: new Uint8Array(encodedBytesMax) }, 'too_large'],
    ['lists beyond the limit', nest(fieldsDepthMax + 1), 'too_deep'],
  ])('refuses %s', (_name, field, code) => {
    expect(() => encodeFields([field])).toThrow(expect.objectContaining({ name: 'Refusal', code }));
  });

  it('writes lists up to the limit', () => {
    const list = [nest(fieldsDepthMax)];
    expect(decodeFields(encodeFields(list))).toEqual(list);
  });
});

describe('decodeFields', () => {
  it.each(vectors.refused)('refuses $name ($code)', ({ hex, code }) => {
    expect(() => decodeFields(readHex(hex))).toThrow(expect.objectContaining({ name: 'Refusal', code }));
  });

  it('refuses more bytes than encodeFields writes', () => {
    const bytes = new Uint8Array(encodedBytesMax + 1);
    expect(() => decodeFields(bytes)).toThrow(expect.objectContaining({ code: 'too_large' }));
  });

  it('takes no bytes that encodeFields would write otherwise', () => {
    const damage = fc.record({ place: fc.nat(), byte: fc.nat({ max: 0xff }), removed: fc.nat({ max: 1 }) });
    fc.assert(
      fc.property(fields, fc.array(damage, { maxLength: 3 }), (list, damages) => {
        let bytes = Array.from(encodeFields(list));
        for (const { place, byte, removed } of damages) {
          bytes = bytes.toSpliced(place % (bytes.length + 1), removed, byte);
        }
        expectExactness(Uint8Array.from(bytes));
      }),
      { numRuns: 5000 },
    );
  });

  it('copies bytes, so that a buffer may be used again', () => {
    const source = encodeFields([{ tag: 1, bytes: Uint8Array.of(1, 2) }]);
    const decoded = decodeFields(source);
    source.fill(0);
    expect(decoded).toEqual([{ tag: 1, bytes: Uint8Array.of(1, 2) }]);
  });

  it('reads a view into a larger buffer', () => {
    const encoded = encodeFields([{ tag: 1, integer: 7 }]);
    const larger = new Uint8Array(encoded.length + 8);
    larger.set(encoded, 4);
    expect(decodeFields(larger.subarray(4, 4 + encoded.length))).toEqual([{ tag: 1, integer: 7 }]);
  });
});

function expectExactness(bytes: Uint8Array): void {
  let decoded: Field[];
  try {
    decoded = decodeFields(bytes);
  } catch (error) {
    expect(error).toMatchObject({ name: 'Refusal' });
    return;
  }
  expect(toHex(encodeFields(decoded))).toBe(toHex(bytes));
}

function nest(depth: number): Field {
  return { tag: 1, list: depth === 1 ? [] : [nest(depth - 1)] };
}
