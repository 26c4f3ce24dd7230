// Documents whose numbers nobody decides by: read as near as they can be carried, and written so that any reader gets
// what it would have got from the original.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonValues } from './arbitraries.ts';
import { parseStrictJson, writeJson } from './index.ts';

const read = (text: string): unknown => parseStrictJson(text, { numbers: 'any' });
const rewrite = (text: string): string => writeJson(parseStrictJson(text, { numbers: 'any' }), 'any');

describe('numbers that nobody decides by', () => {
  it.each<[string, unknown, string]>([
    ['18446744073709551615', 18446744073709551615n, '18446744073709551615'],
    ['-1e30', -(10n ** 30n), `-1${'0'.repeat(30)}`],
    ['0.1000000000000000055511151231257827', 0.1, '0.1'],
    ['100000000000000000000e-20', 1, '1'],
    ['1e400', Number.MAX_VALUE, '1.7976931348623157e+308'],
    ['-1e400', -Number.MAX_VALUE, '-1.7976931348623157e+308'],
    ['1e200', 1e200, '1e+200'],
    ['1e-400', 0, '0'],
    ['-0.0e-9', 0, '0'],
    ['9'.repeat(101), 1e101, '1e+101'],
  ])('reads %s', (literal, value, written) => {
    expect(read(literal)).toBe(value);
    expect(rewrite(literal)).toBe(written);
  });

  it('are still numbers by the grammar', () => {
    for (const text of ['01', '1.', '.5', '+1', '1e', 'NaN', 'Infinity', '0x1']) {
      expect(() => read(text)).toThrow(expect.objectContaining({ code: 'invalid_json' }));
    }
  });

  it('are refused where it is not asked for them', () => {
    for (const text of ['1e400', '18446744073709551615', '0.1000000000000000055511151231257827']) {
      expect(() => parseStrictJson(text)).toThrow(expect.objectContaining({ code: 'inexact_number' }));
    }
    expect(() => writeJson(2n ** 64n)).toThrow(expect.objectContaining({ code: 'inexact_number' }));
  });

  it('mean to a reader of doubles what the original means', () => {
    const digits = fc.string({
      unit: fc.constantFrom('0', '1', '4', '5', '9'),
      minLength: 1,
      maxLength: 130,
    });
    const literals = fc
      .tuple(
        fc.constantFrom('', '-'),
        digits,
        fc.option(digits),
        fc.option(fc.integer({ min: -320, max: 300 })),
      )
      .map(([sign, whole, fraction, power]) => {
        const mantissa = `${sign}1${whole}${fraction === null ? '' : `.${fraction}`}`;
        return power === null ? mantissa : `${mantissa}e${power}`;
      });
    fc.assert(
      fc.property(literals, (literal) => {
        const bounded = Math.min(Math.max(Number(literal), -Number.MAX_VALUE), Number.MAX_VALUE);
        expect(Number(rewrite(literal))).toBe(bounded + 0);
      }),
      { numRuns: 2000 },
    );
  });

  it('change nothing where all can be carried exactly', () => {
    fc.assert(
      fc.property(jsonValues, (value) => {
        const text = writeJson(value);
        expect(rewrite(text)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});
