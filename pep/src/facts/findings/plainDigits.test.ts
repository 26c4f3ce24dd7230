import { describe, expect, it } from '@jest/globals';
import { writePlainDigits } from './plainDigits.ts';

const digits = '0123456789';

describe('decimal digits', () => {
  it.each([
    ['full-width', '０１２３４５６７８９'],
    ['Arabic-Indic', '٠١٢٣٤٥٦٧٨٩'],
    ['Devanagari', '०१२३४५६७८९'],
    ['double-struck, in the midst of others', '𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡'],
    ['ASCII', digits],
  ])('are the same in every script: %s', (_, text) => {
    expect(writePlainDigits(text)).toBe(digits);
  });

  it('are all that changes', () => {
    expect(writePlainDigits('é ² Ⅳ 一 ４')).toBe('é ² Ⅳ 一 4');
  });
});
