// Whether a text names something hidden: as a word of its own, or as any part of it where the name is long enough not to
// stand there by chance. Hidden is what the catalog keeps from an identity, and what was withheld from its lists.
import { isJsonObject, type JsonValue } from '@cardea/schemas/json';
import type { Visible } from '../../resolve/visibility.ts';
import { dropShown, findFolded, foldNames, readText, type FoldedNames } from './foldedNames.ts';

/** Of those that the catalog does not know, and one identity was kept from. */
const learnedMax = 128;
const learnedCharactersMax = 128;

export function hidesNothing(visible: Visible): boolean {
  return visible.hidden.size === 0 && (learned.get(visible)?.size ?? 0) === 0;
}

export function namesHidden(text: string, visible: Visible): boolean {
  if (hidesNothing(visible)) return false;
  const { byWord, wordless, folded } = indexOf(visible);
  const readable = readText(text);
  if (wordless.some((name) => readable.includes(name))) return true;
  for (const { 0: found, index } of readable.matchAll(word)) {
    const candidates = byWord.get(found);
    if (candidates?.some(({ name, offset }) => standsAt(readable, name, index - offset)) === true)
      return true;
  }
  return findFolded(readable, folded) !== undefined;
}

/** Any text in it, keys included. */
export function holdsHidden(value: JsonValue, visible: Visible): boolean {
  if (typeof value === 'string') return namesHidden(value, visible);
  if (Array.isArray(value)) {
    return (value as readonly JsonValue[]).some((element) => holdsHidden(element, visible));
  }
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(
    ([key, member]) => namesHidden(key, visible) || holdsHidden(member, visible),
  );
}

/** From now on these are hidden from whoever sees that much. */
export function learnHidden(visible: Visible, names: readonly string[]): void {
  const known = learned.get(visible) ?? new Set();
  for (const name of names) {
    if (known.size >= learnedMax) break;
    if (name.length < learnedCharactersMax && !shownNames(visible).some((shown) => shown.has(name)))
      known.add(name);
  }
  learned.set(visible, known);
}

function shownNames({ tools, prompts, resources, templates }: Visible): readonly ReadonlySet<string>[] {
  return [tools, prompts, resources, templates];
}

const learned = new WeakMap<Visible, Set<string>>();

interface Candidate {
  readonly name: string;
  /** Of its first word. */
  readonly offset: number;
}

interface NameIndex {
  readonly byWord: ReadonlyMap<string, readonly Candidate[]>;
  /** Names of punctuation alone. */
  readonly wordless: readonly string[];
  readonly folded: FoldedNames;
  readonly learned: number;
}

const word = /[\p{L}\p{N}_]+/gu;
const wordStart = /^[\p{L}\p{N}_]/u;
const wordEnd = /[\p{L}\p{N}_]$/u;

/** What an identity may see lives as long as its bundle, and is asked about again and again. */
const indexes = new WeakMap<Visible, NameIndex>();

function indexOf(visible: Visible): NameIndex {
  const more = learned.get(visible) ?? new Set<string>();
  const known = indexes.get(visible);
  if (known?.learned === more.size) return known;
  const names = [...visible.hidden, ...more];
  const folded = foldNames(names);
  for (const shown of shownNames(visible)) dropShown(folded, shown);
  const index = { ...indexWords(names), folded, learned: more.size };
  indexes.set(visible, index);
  return index;
}

function indexWords(names: readonly string[]): Pick<NameIndex, 'byWord' | 'wordless'> {
  const byWord = new Map<string, Candidate[]>();
  const wordless: string[] = [];
  for (const hiddenName of names) {
    const name = readText(hiddenName);
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
  return { byWord, wordless };
}

/** Its first word is known to begin and end there. */
function standsAt(text: string, name: string, at: number): boolean {
  if (!text.startsWith(name, at)) return false;
  return !wordEnd.test(name) || !wordStart.test(text.slice(at + name.length, at + name.length + 2));
}
