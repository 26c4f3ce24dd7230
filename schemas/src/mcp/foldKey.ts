// Servers that match keys loosely would take `AMOUNT` for `amount`, after a policy saw no `amount`. Two keys have the
// same fold when some reader could take one for the other: Go's encoding/json and .NET ignore case (simple case
// folding, Unicode CaseFolding.txt, with the long s U+017F and the Kelvin sign U+212A), Java's equalsIgnoreCase takes
// U+0130 and U+0131 for i, Swift compares by canonical equivalence. Full folding and compatibility forms (NFKC) go
// further than any of them: an argument that differs from a declared one only so is an evasion or a mistake.

const ascii = /^[\x20-\x7e]*$/;

/** For comparison only: the fold is no spelling of the key. */
export function foldKey(key: string): string {
  if (ascii.test(key)) return key.toLowerCase();
  // Up after down: that is where the long s, the dotless i and final sigma meet their plain forms.
  const cased = key.normalize('NFKC').replaceAll('\u0130', 'i').toLowerCase().toUpperCase().toLowerCase();
  return cased.normalize('NFKC');
}
