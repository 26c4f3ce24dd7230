// Decimal digits of every script, as ASCII has them: whoever reads a number reads it in any of them.

const foreignDigits = /[^\P{Nd}0-9]/gu;
const beyondAscii = /[^\0-\x7f]/;
const decimalDigit = /\p{Nd}/u;

export function writePlainDigits(text: string): string {
  return beyondAscii.test(text) ? text.replace(foreignDigits, toPlain) : text;
}

/** Those that were met: Unicode has some seven hundred. */
const met = new Map<string, string>();

function toPlain(digit: string): string {
  const known = met.get(digit);
  if (known !== undefined) return known;
  const plain = findPlain(digit);
  met.set(digit, plain);
  return plain;
}

/** Each script has its ten in a row, from zero to nine (Unicode, 4.6). */
function findPlain(digit: string): string {
  const code = digit.codePointAt(0) as number;
  let first = code;
  while (decimalDigit.test(String.fromCodePoint(first - 1))) first -= 1;
  return String((code - first) % 10);
}
