// Keys that somebody trusts, as words of a command line: each is a verifier key, or a file with one on each line.
import { existsSync } from 'node:fs';
import { NoteRefusal, parseVerifierKey, type Verifier } from '@cardea/schemas/note';
import { Failure } from '../frame/failure.ts';
import { readTextFile } from '../project/inputFiles.ts';

/** Throws Failure for a word that is neither, for a line that is no key, and for files without any. */
export function readVerifierKeys(words: readonly string[]): Verifier[] {
  return words.flatMap((word) => {
    const key = parseKey(word);
    if (!(key instanceof NoteRefusal)) return [key];
    if (!existsSync(word)) {
      const help = 'a key is the line that `cardea keys create` prints; a file holds one on each line';
      throw new Failure(`"${word}" is neither a verifier key (${key.message}) nor a file`, help);
    }
    return readKeyLines(word);
  });
}

/** Empty lines and lines that begin with # are for people. */
function readKeyLines(path: string): Verifier[] {
  const lines = readTextFile(path).text.split('\n');
  const keys = lines.flatMap((line, index) => {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) return [];
    const key = parseKey(text);
    if (key instanceof NoteRefusal) throw new Failure(`${path}:${index + 1}: ${key.message}`);
    return [key];
  });
  if (keys.length === 0) throw new Failure(`${path} holds no verifier key`);
  return keys;
}

function parseKey(text: string): Verifier | NoteRefusal {
  try {
    return parseVerifierKey(text);
  } catch (refusal) {
    if (refusal instanceof NoteRefusal) return refusal;
    throw refusal;
  }
}
