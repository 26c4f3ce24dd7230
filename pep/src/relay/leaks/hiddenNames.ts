// Whether a text names something hidden, as a word of its own and regardless of case. Linear in the text, however many
// names there are: each is found by its first word.

export function namesHidden(text: string, hidden: ReadonlySet<string>): boolean {
  if (hidden.size === 0) return false;
  const { byWord, wordless } = indexOf(hidden);
  const lower = text.toLowerCase();
  if (wordless.some((name) => lower.includes(name))) return true;
  for (const { 0: found, index } of lower.matchAll(word)) {
    const candidates = byWord.get(found);
    if (candidates?.some(({ name, offset }) => standsAt(lower, name, index - offset)) === true) return true;
  }
  return false;
}

interface Candidate {
  readonly name: string;
  /** Of its first word. */
  readonly offset: number;
}

interface NameIndex {
  readonly byWord: ReadonlyMap<string, readonly Candidate[]>;
  /** Names of punctuation alone. */
  readonly wordless: readonly string[];
}

const word = /[\p{L}\p{N}_]+/gu;
const wordStart = /^[\p{L}\p{N}_]/u;
const wordEnd = /[\p{L}\p{N}_]$/u;

/** Sets of hidden names live as long as their bundle, and are asked about again and again. */
const indexes = new WeakMap<ReadonlySet<string>, NameIndex>();

function indexOf(hidden: ReadonlySet<string>): NameIndex {
  const known = indexes.get(hidden);
  if (known !== undefined) return known;
  const byWord = new Map<string, Candidate[]>();
  const wordless: string[] = [];
  for (const hiddenName of hidden) {
    const name = hiddenName.toLowerCase();
    const [first] = name.matchAll(word);
    if (first === undefined) {
      if (name !== '') wordless.push(name);
      continue;
    }
    const candidates = byWord.get(first[0]);
    const candidate = { name, offset: first.index };
    if (candidates === undefined) byWord.set(first[0], [candidate]);
    else candidates.push(candidate);
  }
  const index = { byWord, wordless };
  indexes.set(hidden, index);
  return index;
}

/** Its first word is known to begin and end there. */
function standsAt(text: string, name: string, at: number): boolean {
  if (!text.startsWith(name, at)) return false;
  return !wordEnd.test(name) || !wordStart.test(text.slice(at + name.length, at + name.length + 2));
}
