// Text of an attacker's choice, made fit for a message: short, on one line, and without characters that a terminal or
// a log viewer would obey instead of showing.

export const excerptCharactersMax = 40;

// Controls, format characters (bidirectional overrides, zero-width ones), lone surrogates, private and unassigned code
// points, and every space but the plain one.
const unprintable = /(?! )[\p{C}\p{Z}]/gu;

/** The text in double quotes, cut to `excerptCharactersMax` code points. */
export function quoteExcerpt(text: string): string {
  // A code point takes at most two code units: enough is cut off here without walking the whole of a long text.
  const points = Array.from(text.slice(0, 2 * excerptCharactersMax + 2));
  const shown = points.slice(0, excerptCharactersMax).join('');
  const ellipsis = points.length > excerptCharactersMax ? '...' : '';
  return `"${shown.replace(/["\\]/g, '\\$&').replace(unprintable, escapePoint)}${ellipsis}"`;
}

export const messageCharactersMax = 400;

/**
 * A message that may hold text of a caller's, such as the path to a value: cut, and made fit like an excerpt. Without a
 * bound here a batch would repeat one long key in each of its answers.
 */
export function cutMessage(message: string): string {
  const isLong = message.length > messageCharactersMax;
  const shown = isLong ? `${message.slice(0, messageCharactersMax)}...` : message;
  return shown.replace(unprintable, escapePoint);
}

function escapePoint(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}
