import { describe, expect, it } from '@jest/globals';
import { quoteText } from './quote.ts';

describe('quoteText', () => {
  it.each([
    ['plain', '"plain"'],
    ['', '""'],
    ['a"b\\c', '"a\\"b\\\\c"'],
    ['line\nbreak\t\u0000', '"line\\u{a}break\\u{9}\\u{0}"'],
    ['gr\u00fc\u00df \u{1f600}', '"gr\u00fc\u00df \u{1f600}"'],
    ['right\u202eleft', '"right\\u{202e}left"'],
    ['zero\u200bwidth', '"zero\\u{200b}width"'],
    ['line\u2028separator', '"line\\u{2028}separator"'],
    ["it's * not a pattern", '"it\'s * not a pattern"'],
  ])('writes %j as %s', (text, quoted) => {
    expect(quoteText(text)).toBe(quoted);
  });
});
