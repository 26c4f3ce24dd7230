import { describe, expect, it } from '@jest/globals';
import { Unrepresentable, type CedarValue } from '@cardea/schemas/cedar';
import { writeCedar } from './writeCedar.ts';

function nest(depth: number): CedarValue {
  let value: CedarValue = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

describe('writeCedar', () => {
  it.each<[CedarValue, string]>([
    [true, 'true'],
    ['a"\u2028', '"a\\"\u2028"'],
    [-1, '-1'],
    [9223372036854775807n, '9223372036854775807'],
    [-9223372036854775808n, '-9223372036854775808'],
    [[1, 'a'], '[1,"a"]'],
    [{ __entity: { type: 'T', id: 'x' } }, '{"__entity":{"type":"T","id":"x"}}'],
    [{ __extn: { fn: 'decimal', arg: '1.5' } }, '{"__extn":{"fn":"decimal","arg":"1.5"}}'],
    [JSON.parse('{"__proto__":1,"constructor":2}') as CedarValue, '{"__proto__":1,"constructor":2}'],
  ])('writes %j as %s', (value, text) => {
    expect(writeCedar(value)).toBe(text);
  });

  it.each<[string, CedarValue, string]>([
    ['a lone surrogate', '\ud800', 'invalid_text'],
    ['a key with a lone surrogate', { '\udfff': 1 }, 'invalid_text'],
    ['an entity id with a lone surrogate', { __entity: { type: 'T', id: '\ud800' } }, 'invalid_text'],
    ['a fraction', 1.5, 'inexact_number'],
    ['NaN', NaN, 'inexact_number'],
    ['an unsafe number', 2 ** 53, 'inexact_number'],
    ['an integer of 65 bits', 2n ** 63n, 'inexact_number'],
    ['nesting of 126', nest(126), 'too_deep'],
    ['an expression', { __expr: 'principal' }, 'reserved_key'],
    ['what has no type', new Unrepresentable('null'), 'invalid_request'],
  ])('refuses %s', (_, value, code) => {
    expect(() => writeCedar(value)).toThrow(expect.objectContaining({ code }));
  });
});
