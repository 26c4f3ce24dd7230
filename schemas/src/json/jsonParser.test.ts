// What must hold for every document, with JSON.parse and an independent count of members as the other opinion.
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escapedSpelling, jsonValues, keys } from './arbitraries.ts';
import type { JsonValue } from './index.ts';
import { JsonRefusal, isJsonObject, parseStrictJson, writeJson } from './index.ts';

type Outcome = { readonly value: JsonValue } | { readonly code: string };

function attempt(input: Uint8Array | string): Outcome {
  try {
    return { value: parseStrictJson(input) };
  } catch (error) {
    // Anything else would be a fault, and fails the property.
    if (error instanceof JsonRefusal) return { code: error.code };
    throw error;
  }
}

function attemptLoosely(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** The strict value as JSON.parse gives it: ordinary prototypes, and bigints rounded. */
function loosen(value: JsonValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(loosen);
  if (!isJsonObject(value)) return value;
  const object = {};
  for (const [key, child] of Object.entries(value)) {
    Object.defineProperty(object, key, {
      value: loosen(child),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return object;
}

function countMembers(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 0;
  const children: readonly JsonValue[] = Object.values(value);
  const own = Array.isArray(value) ? 0 : children.length;
  return children.reduce<number>((sum, child) => sum + countMembers(child), own);
}

/** Outside strings a colon stands in members only. */
function countColons(text: string): number {
  return text.replace(/"(?:[^"\\]|\\.)*"/gs, '').split(':').length - 1;
}

/** JSON.parse keeps the sign of zero; the strict parser does not. */
function unsignZeros(_key: string, value: unknown): unknown {
  return value === 0 ? 0 : value;
}

function expectAgreement(text: string): void {
  const strict = attempt(text);
  const loose = attemptLoosely(text);
  if ('code' in strict) {
    // What both read may still be refused, but not as a mistake in the grammar.
    if (strict.code === 'invalid_json') expect(loose).toBeUndefined();
    return;
  }
  expect(isDeepStrictEqual(loosen(strict.value), JSON.parse(text, unsignZeros))).toBe(true);
  expect(countMembers(strict.value)).toBe(countColons(text));
}

const fragments = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\\u',
    '\\ud83d',
    '\\udc00',
    'u0061',
    '-',
    '0',
    '.',
    'e',
    '1e400',
    '-0',
  ],
  ...[
    '9007199254740993',
    '0.10',
    'null',
    'true',
    '"a":1,',
    '"\\u0061":1,',
    ' ',
    '\n',
    '\u0000',
    '\ufeff',
    '\u00a0',
    '//',
  ],
);

const edits = fc.record({
  place: fc.nat(),
  removed: fc.nat({ max: 3 }),
  inserted: fc.oneof(fc.constant(''), fragments),
  copied: fc.nat({ max: 12 }),
});

type Edit = Readonly<{ place: number; removed: number; inserted: string; copied: number }>;

function applyEdit(text: string, { place, removed, inserted, copied }: Edit): string {
  const at = place % (text.length + 1);
  return text.slice(0, at) + inserted + text.slice(at, at + copied) + text.slice(at + removed);
}

describe('every document', () => {
  it('is read back as the value that was written', () => {
    fc.assert(
      fc.property(jsonValues, (value) => {
        expect(isDeepStrictEqual(parseStrictJson(writeJson(value)), value)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('means to JSON.parse what it means here, as far as doubles reach', () => {
    fc.assert(fc.property(fc.json({ maxDepth: 4 }), expectAgreement), { numRuns: 500 });
  });

  it('that was damaged is refused or means the same to JSON.parse', () => {
    fc.assert(
      fc.property(jsonValues, fc.array(edits, { minLength: 1, maxLength: 3 }), (value, changes) => {
        expectAgreement(changes.reduce(applyEdit, writeJson(value)));
      }),
      { numRuns: 5000 },
    );
  });

  it('of random fragments is refused or means the same to JSON.parse', () => {
    fc.assert(
      fc.property(fc.array(fragments, { maxLength: 12 }), (parts) => {
        expectAgreement(parts.join(''));
      }),
      { numRuns: 5000 },
    );
  });

  it('in bytes has the outcome of its text, or none where the bytes are damaged beyond UTF-8', () => {
    const overwrite = fc.tuple(fc.nat(), fc.nat({ max: 0xff }));
    fc.assert(
      fc.property(jsonValues, overwrite, (value, [place, byte]) => {
        const bytes = new TextEncoder().encode(writeJson(value));
        bytes[place % bytes.length] = byte;
        const isUtf8 = Buffer.from(Buffer.from(bytes).toString('utf8'), 'utf8').equals(bytes);
        const expected = isUtf8 ? attempt(Buffer.from(bytes).toString('utf8')) : { code: 'invalid_text' };
        expect(isDeepStrictEqual(attempt(bytes), expected)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('with a key twice is refused, however the two are spelt', () => {
    const spellings = keys.chain((key) => fc.tuple(escapedSpelling(key), escapedSpelling(key)));
    fc.assert(
      fc.property(spellings, jsonValues, jsonValues, ([one, other], first, second) => {
        const text = `{${one}:${writeJson(first)},${other}:${writeJson(second)}}`;
        expect(attempt(text)).toEqual({ code: 'duplicate_key' });
      }),
      { numRuns: 500 },
    );
  });

  it('of one number is exact or refused', () => {
    const digits = fc.string({ unit: fc.constantFrom('0', '1', '4', '5', '9'), minLength: 1, maxLength: 20 });
    const wholes = fc.oneof(fc.nat({ max: 9999 }), fc.maxSafeNat()).map(String);
    const powers = fc.option(fc.integer({ min: -30, max: 30 }), { nil: undefined });
    const literals = fc
      .tuple(fc.constantFrom('', '-'), wholes, fc.option(digits, { nil: undefined }), powers)
      .map(([sign, whole, fraction, power]) => {
        const point = fraction === undefined ? '' : `.${fraction}`;
        return `${sign}${whole}${point}${power === undefined ? '' : `e${power}`}`;
      });
    fc.assert(
      fc.property(literals, (literal) => {
        const outcome = attempt(literal);
        if ('code' in outcome) expect(outcome.code).toBe('inexact_number');
        else expect(isSameDecimal(literal, writeJson(outcome.value))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

/** By whole numbers only: both literals times ten to the 400. */
function isSameDecimal(one: string, other: string): boolean {
  return scale(one) === scale(other);
}

function scale(literal: string): bigint {
  const [mantissa = '', power = '0'] = literal.split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return BigInt(whole + fraction) * 10n ** BigInt(400 + Number(power) - fraction.length);
}
