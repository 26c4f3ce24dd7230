// JSON as other readers take it: which of two equal keys counts, and whether keys that only fold to a name are taken for
// it. What such readers make of a body must be what was judged.
import { foldKey } from '@cardea/schemas/mcp';

export interface Loose {
  readonly wins: 'first' | 'last';
  /** The names that a folding reader looks for; others it keeps as they are. */
  readonly folds: readonly string[];
}

type Taken = readonly [value: unknown, rest: string];

export function readLoosely(text: string, loose: Loose): unknown {
  const [value, rest] = take(text.trimStart(), loose);
  if (rest.trim() !== '') throw new SyntaxError('there is something behind the document');
  return value;
}

function take(text: string, loose: Loose): Taken {
  if (text.startsWith('{')) return takeObject(text, loose);
  if (text.startsWith('[')) return takeArray(text, loose);
  const [token] = /^(?:"(?:[^"\\]|\\.)*"|[^\s,:[\]{}"]+)/s.exec(text) ?? [];
  if (token === undefined) throw new SyntaxError('expected a value');
  return [JSON.parse(token), text.slice(token.length).trimStart()];
}

function takeArray(text: string, loose: Loose): Taken {
  const elements: unknown[] = [];
  let rest = text.slice(1).trimStart();
  while (!rest.startsWith(']')) {
    if (elements.length > 0) rest = skip(rest, ',');
    const [value, behind] = take(rest, loose);
    elements.push(value);
    rest = behind;
  }
  return [elements, rest.slice(1).trimStart()];
}

function takeObject(text: string, loose: Loose): Taken {
  const object = new Map<string, unknown>();
  let rest = text.slice(1).trimStart();
  for (let members = 0; !rest.startsWith('}'); members += 1) {
    if (members > 0) rest = skip(rest, ',');
    const [key, behindKey] = take(rest, loose);
    const [value, behind] = take(skip(behindKey, ':'), loose);
    const name = nameOf(key as string, loose.folds);
    if (loose.wins === 'last' || !object.has(name)) object.set(name, value);
    rest = behind;
  }
  return [Object.assign(Object.create(null), Object.fromEntries(object)), rest.slice(1).trimStart()];
}

function skip(text: string, mark: string): string {
  if (!text.startsWith(mark)) throw new SyntaxError(`expected ${mark}`);
  return text.slice(1).trimStart();
}

function nameOf(key: string, folds: readonly string[]): string {
  return folds.find((name) => foldKey(name) === foldKey(key)) ?? key;
}
