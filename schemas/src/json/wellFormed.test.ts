import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeText, requireWellFormed } from './index.ts';

describe('encodeText', () => {
  it('refuses exactly what UTF-8 would not give back', () => {
    const units = fc.array(fc.constantFrom(0x61, 0xe9, 0x20ac, 0xd83d, 0xde00, 0xfffd), { maxLength: 6 });
    fc.assert(
      fc.property(units, (codes) => {
        const text = String.fromCharCode(...codes);
        const survives = Buffer.from(text, 'utf8').toString('utf8') === text;
        if (survives) expect(Buffer.from(encodeText(text)).toString('utf8')).toBe(text);
        else expect(() => encodeText(text)).toThrow(expect.objectContaining({ code: 'invalid_text' }));
      }),
      { numRuns: 1000 },
    );
  });

  it('shows where the surrogate stands without repeating it', () => {
    expect(() => requireWellFormed('a\ud800b')).toThrow('the text "a\\ud800b" holds a lone surrogate');
  });
});
