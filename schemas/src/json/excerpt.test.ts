import { describe, expect, it } from '@jest/globals';
import { cutMessage, messageCharactersMax } from './excerpt.ts';

describe('cutMessage', () => {
  it('leaves a short message on one line as it is', () => {
    expect(cutMessage('context.input/a: "b\\"c" is not declared')).toBe(
      'context.input/a: "b\\"c" is not declared',
    );
  });

  it('cuts a long one, also in the middle of a pair', () => {
    const cut = cutMessage(`x${'\u{1f600}'.repeat(messageCharactersMax)}`);
    expect(cut.length).toBeLessThan(messageCharactersMax + 20);
    expect(cut).toMatch(/\.\.\.$/);
    expect(cut.isWellFormed()).toBe(true);
  });

  it('escapes what terminals obey', () => {
    expect(cutMessage('a\n\u001b[31m\u202e')).toBe('a\\u000a\\u001b[31m\\u202e');
  });
});
