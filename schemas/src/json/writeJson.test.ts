import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonValues } from './arbitraries.ts';
import type { JsonValue } from './index.ts';
import { parseStrictJson, writeJson } from './index.ts';

/** What JSON.stringify can write at all. */
function holdsNoBigint(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'bigint';
  const children: readonly JsonValue[] = Object.values(value);
  return children.every(holdsNoBigint);
}

describe('writeJson', () => {
  it('keeps the order of keys and adds no space', () => {
    expect(writeJson(parseStrictJson(' { "b" : [ 1 , null ] , "a" : { } } '))).toBe('{"b":[1,null],"a":{}}');
  });

  it.each<[JsonValue, string]>([
    [-0, '0'],
    [0.1, '0.1'],
    [1e-7, '1e-7'],
    [9007199254740993n, '9007199254740993'],
    [-(2n ** 63n), '-9223372036854775808'],
    ['a"\\\n\u2028é😀', '"a\\"\\\\\\n\u2028é😀"'],
    [{ 'ke"y': true }, '{"ke\\"y":true}'],
  ])('writes %p as %s', (value, text) => {
    expect(writeJson(value)).toBe(text);
  });

  it('agrees with JSON.stringify wherever there is no bigint', () => {
    fc.assert(
      fc.property(jsonValues.filter(holdsNoBigint), (value) => {
        expect(writeJson(value)).toBe(JSON.stringify(value));
      }),
      { numRuns: 500 },
    );
  });

  it.each([[2 ** 53], [-(2 ** 60)], [1e21]])(
    'refuses the number %p: an integer of that size is a bigint',
    (number) => {
      expect(() => writeJson([number])).toThrow(expect.objectContaining({ code: 'inexact_number' }));
    },
  );
});
