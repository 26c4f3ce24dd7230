// What both writers refuse.
import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from './index.ts';
import { canonicalJson, depthCeiling, parseStrictJson, writeJson } from './index.ts';

class Money {
  readonly amount = 1;
}

function nest(depth: number): JsonValue {
  return depth === 0 ? 0 : [nest(depth - 1)];
}

const cycle: unknown[] = [];
cycle.push({ cycle });

const refused: [string, unknown, string][] = [
  ['undefined', undefined, 'internal_fault'],
  ['a member that is undefined', { a: undefined }, 'internal_fault'],
  ['a hole in an array', Array.from({ length: 1 }).concat(1), 'internal_fault'],
  ['a function', () => 1, 'internal_fault'],
  ['a symbol', Symbol('a'), 'internal_fault'],
  ['a date', new Date(0), 'internal_fault'],
  ['a map', new Map([['a', 1]]), 'internal_fault'],
  ['bytes', Uint8Array.of(1), 'internal_fault'],
  ['an instance of a class', [new Money()], 'internal_fault'],
  ['NaN', Number.NaN, 'inexact_number'],
  ['Infinity', [Number.POSITIVE_INFINITY], 'inexact_number'],
  ['an integer beyond 64 bits', 2n ** 63n, 'inexact_number'],
  ['a negative integer beyond 64 bits', -(2n ** 63n) - 1n, 'inexact_number'],
  ['a lone surrogate', 'a\ud800', 'invalid_text'],
  ['a lone surrogate in a key', { '\udc00': 1 }, 'invalid_text'],
  ['a pair the wrong way round', '\udc00\ud800', 'invalid_text'],
  ['a cycle', cycle, 'too_deep'],
  ['a value one level too deep', nest(depthCeiling + 1), 'too_deep'],
];

describe.each([
  ['writeJson', writeJson],
  ['canonicalJson', canonicalJson],
])('%s', (_name, write) => {
  it.each(refused)('refuses %s', (_case, value, code) => {
    expect(() => write(value as JsonValue)).toThrow(expect.objectContaining({ name: 'Refusal', code }));
  });

  it('writes a value as deep as any that can be parsed', () => {
    const text = '['.repeat(depthCeiling) + ']'.repeat(depthCeiling);
    expect(write(parseStrictJson(text, { depthMax: depthCeiling }))).toBe(text);
  });

  it('writes objects with and without a prototype alike, by their own keys only', () => {
    const bare = Object.assign(Object.create(null) as object, { a: 1 }) as JsonValue;
    expect([write(bare), write({ a: 1 })]).toEqual(['{"a":1}', '{"a":1}']);
  });
});
