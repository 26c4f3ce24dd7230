// Names as parts of a text, whatever they are written like: in another case or width, with other separators or none, with
// characters in between that nobody sees. Linear in the text, however many names there are.

/** Shorter names stand in many words by chance: those are looked for as words alone. */
const foldedCharactersMin = 6;

/** What is there to be found, by a hash of how it begins. */
export type FoldedNames = Map<number, Beginning>;

interface Beginning {
  readonly names: Map<string, string>;
  readonly lengths: Set<number>;
}

/** As people read it: compatibility forms, case and invisible characters make no difference. */
export function readText(text: string): string {
  const isPlain = /^[\x20-\x7e\s]*$/.test(text);
  return (isPlain ? text : text.normalize('NFKC').replace(invisible, '')).toLowerCase();
}

const invisible = /[\p{Cf}\u034f\u115f\u1160\u3164\ufe00-\ufe0f]/gu;

export function foldNames(names: Iterable<string>): FoldedNames {
  const folded: FoldedNames = new Map();
  for (const name of names) {
    const text = fold(readText(name));
    if (text.length < foldedCharactersMin) continue;
    const hash = hashOf(text);
    const beginning = folded.get(hash) ?? { names: new Map<string, string>(), lengths: new Set<number>() };
    beginning.names.set(text, name);
    beginning.lengths.add(text.length);
    folded.set(hash, beginning);
  }
  return folded;
}

/** Without those that are part of what is shown anyway. */
export function dropShown(folded: FoldedNames, shown: Iterable<string>): void {
  for (const name of shown) {
    const text = readText(name);
    for (let found = findFolded(text, folded); found !== undefined; found = findFolded(text, folded)) {
      folded.get(hashOf(found))?.names.delete(found);
    }
  }
}

/** The first one that is part of the text, which was read before; undefined where none is. */
export function findFolded(readableText: string, folded: FoldedNames): string | undefined {
  if (folded.size === 0) return undefined;
  const text = fold(readableText);
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) {
    hash = (Math.imul(hash, factor) + text.charCodeAt(at)) | 0;
    const begin = at - foldedCharactersMin + 1;
    if (begin > 0) hash = (hash - Math.imul(text.charCodeAt(begin - 1), leadingFactor)) | 0;
    const beginning = begin < 0 ? undefined : folded.get(hash);
    if (beginning === undefined) continue;
    for (const length of beginning.lengths) {
      const part = text.slice(begin, begin + length);
      if (beginning.names.has(part)) return part;
    }
  }
  return undefined;
}

const separators = /[_.-]/g;

function fold(readableText: string): string {
  return readableText.replace(separators, '');
}

const factor = 31;
const leadingFactor = factor ** foldedCharactersMin;

function hashOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < foldedCharactersMin; at += 1) {
    hash = (Math.imul(hash, factor) + text.charCodeAt(at)) | 0;
  }
  return hash;
}
