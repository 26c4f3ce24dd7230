import { describe, expect, it } from '@jest/globals';
import { writeFigure, writeTable } from './table.ts';

describe('writeTable', () => {
  it('puts words to the left and figures to the right, in plain characters', () => {
    expect(
      writeTable(
        ['what', 'us'],
        [
          ['a', '1'],
          ['longer', '1,000'],
        ],
      ),
    ).toBe('what       us\n------  -----\na           1\nlonger  1,000\n');
  });
});

describe('writeFigure', () => {
  it.each([
    [0, '0.00'],
    [0.1234, '0.12'],
    [1.2345, '1.23'],
    [12.345, '12.3'],
    [123.45, '123'],
    [12_345.6, '12,346'],
    [NaN, '-'],
  ])('writes %d as %s', (value, text) => {
    expect(writeFigure(value)).toBe(text);
  });
});
