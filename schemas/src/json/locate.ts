// Finds the place of a value in a text that the strict parser has accepted, so that a message about a value can name
// the line. It only skips: nothing is parsed but the keys on the way.

import type { JsonPosition } from './jsonRefusal.ts';
import { positionAt } from './jsonRefusal.ts';
import { parseArrayIndex, parsePointer } from './pointer.ts';

/** The position of the first character of the value, or undefined where the pointer names none. */
export function locateValue(text: string, pointer: string): JsonPosition | undefined {
  const start = seekValue(text, pointer);
  return start === undefined ? undefined : positionAt(text, start);
}

/** From its first character to the one behind its last, or undefined where the pointer names none. */
export function spanOfValue(
  text: string,
  pointer: string,
): { readonly start: number; readonly end: number } | undefined {
  const start = seekValue(text, pointer);
  return start === undefined ? undefined : { start, end: skipValue(text, start) };
}

function seekValue(text: string, pointer: string): number | undefined {
  let at: number | undefined = skipSpace(text, 0);
  for (const segment of parsePointer(pointer)) {
    at = locateChild(text, at, segment);
    if (at === undefined) return undefined;
  }
  return at;
}

function locateChild(text: string, at: number, segment: string): number | undefined {
  if (text[at] === '{') return locateMember(text, at, segment);
  const index = parseArrayIndex(segment);
  return text[at] === '[' && index !== undefined ? locateElement(text, at, index) : undefined;
}

function locateMember(text: string, open: number, key: string): number | undefined {
  let at = skipSpace(text, open + 1);
  while (text[at] === '"') {
    const keyEnd = skipString(text, at);
    const valueAt = skipSpace(text, skipSpace(text, keyEnd) + 1);
    if (JSON.parse(text.slice(at, keyEnd)) === key) return valueAt;
    at = skipComma(text, skipValue(text, valueAt));
  }
  return undefined;
}

function locateElement(text: string, open: number, index: number): number | undefined {
  let at = skipSpace(text, open + 1);
  for (let passed = 0; text[at] !== ']'; passed++) {
    if (passed === index) return at;
    at = skipComma(text, skipValue(text, at));
  }
  return undefined;
}

/** Past one value. Brackets balance in accepted text, so counting them is enough. */
function skipValue(text: string, start: number): number {
  if (text[start] === '"') return skipString(text, start);
  if (text[start] !== '{' && text[start] !== '[') return skipWord(text, start);
  let depth = 0;
  let at = start;
  do {
    const character = text.charAt(at);
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    at = character === '"' ? skipString(text, at) : at + 1;
  } while (depth > 0);
  return at;
}

function skipString(text: string, open: number): number {
  let at = open + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** Past a number, a boolean or null. */
function skipWord(text: string, start: number): number {
  let at = start;
  while (at < text.length && !' \t\r\n,]}'.includes(text.charAt(at))) at += 1;
  return at;
}

function skipComma(text: string, start: number): number {
  const at = skipSpace(text, start);
  return text[at] === ',' ? skipSpace(text, at + 1) : at;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at += 1;
  return at;
}
