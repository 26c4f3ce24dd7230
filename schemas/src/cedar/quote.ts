// Text inside Cedar policies and schemas. Names of tools and arguments come from servers and may hold anything.

// Besides the two characters that end or escape a string: whatever is invisible or reorders the line that it stands
// in (controls, format characters, line and paragraph separators), so that a reviewer sees what a name holds.
const escaped = /["\\\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * A Cedar string literal. INVARIANT: the text is well-formed Unicode, as the strict JSON reader guarantees; Cedar has
 * no way to write a lone surrogate.
 */
export function quoteText(text: string): string {
  return `"${text.replace(escaped, escapeCharacter)}"`;
}

function escapeCharacter(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
