import { describe, expect, it } from '@jest/globals';
import { foldKey } from './foldKey.ts';

describe('foldKey', () => {
  it.each([
    ['amount', 'AMOUNT'],
    ['class', 'cla\u017fs'],
    ['token', 'to\u212aen'],
    ['title', 't\u0130tle'],
    ['title', 't\u0131tle'],
    ['amount', '\uff41mount'],
    ['caf\u00e9', 'cafe\u0301'],
    ['stra\u00dfe', 'STRASSE'],
    ['file', '\ufb01le'],
    ['\u03c3\u03c2', '\u03a3\u03a3'],
  ])('takes %j and %j for the same', (one, other) => {
    expect(foldKey(one)).toBe(foldKey(other));
  });

  it.each([
    ['amount', 'amuont'],
    ['user_id', 'userId'],
    ['user-id', 'user_id'],
    ['a', 'a '],
    ['e', '\u00e9'],
    ['', ' '],
  ])('keeps %j and %j apart', (one, other) => {
    expect(foldKey(one)).not.toBe(foldKey(other));
  });

  // The regular expression flags i and u compare by simple case folding (ECMA-262, Canonicalize).
  it('agrees with simple case folding for every pair of characters', () => {
    const cased = Array.from({ length: 0x11_0000 }, (_, point) => point)
      .filter((point) => point < 0xd800 || point > 0xdfff)
      .map((point) => String.fromCodePoint(point))
      .filter((character) => /[\p{Cased}\p{CWCM}\p{CWCF}]/u.test(character));
    const all = cased.join('');
    const missed = cased.filter((character) => {
      const hex = character.codePointAt(0)?.toString(16) ?? '';
      const equals = all.match(new RegExp(`\\u{${hex}}`, 'giu')) ?? [];
      return equals.some((equal) => foldKey(equal) !== foldKey(character));
    });
    expect(cased.length).toBeGreaterThan(2_000);
    expect(missed).toEqual([]);
  });
});
