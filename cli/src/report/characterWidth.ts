// How many columns of a terminal a character takes (UAX #11, East Asian Width), so that carets stand below what they
// mean. Emoji joined from several code points are counted one by one, as most terminals draw them when in doubt.

const zero = /^[\p{Mn}\p{Me}]$/u;

const wide = new RegExp(
  '^(?:\\p{Emoji_Presentation}|[' +
    '\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\u33ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua000-\\ua4cf\\ua960-\\ua97f' +
    '\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff01-\\uff60\\uffe0-\\uffe6' +
    '\\u{17000}-\\u{18dff}\\u{1b000}-\\u{1b2ff}\\u{1f200}-\\u{1f2ff}\\u{20000}-\\u{3fffd}])$',
  'u',
);

/** Of one printable code point: 0, 1 or 2. */
export function characterWidth(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x300) return 1;
  if (zero.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
