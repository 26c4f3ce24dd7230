// Text of an attacker's choice on its way to a terminal: whatever a terminal would obey instead of showing is spelt
// out. File names, policies, test names and Cedar's messages about them are such text.

/**
 * Controls, format characters (bidirectional overrides, zero-width ones), lone surrogates, private and unassigned code
 * points, and every space but the plain one. Line feeds stay: they separate lines.
 */
const unprintable = /(?![ \n])[\p{C}\p{Z}]/gu;

export function isUnprintable(character: string): boolean {
  return character === '\n' || character.search(unprintable) >= 0;
}

/** `\u{1b}`. */
export function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

export function escapeUnprintable(text: string): string {
  return text.replace(unprintable, escapeCharacter);
}

/** The same on one line, for names. */
export function escapeLine(text: string): string {
  return escapeUnprintable(text).replaceAll('\n', '\\n');
}

/** JSON for standard output: one line whose every character is printable, and the same value to every parser. */
export function printJson(value: unknown): string {
  return `${escapeJson(JSON.stringify(value))}\n`;
}

/** A JSON text over one line or many, of the same value, without characters that a terminal would obey. */
export function escapeJson(text: string): string {
  const units = (character: string): string =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join('');
  return text.replace(unprintable, units);
}
