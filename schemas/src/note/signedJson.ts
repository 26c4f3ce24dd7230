// A statement: a note whose text is one line that says what it is, and one line of canonical JSON. The first line keeps
// statements apart: a signature under one kind can never pass for another.

import { canonicalJson, parseStrictJson, type JsonValue } from '../json/index.ts';
import { openNote, signNote } from './note.ts';
import { NoteRefusal } from './noteRefusal.ts';
import type { Signer } from './signerKey.ts';
import type { Verifier } from './verifierKey.ts';

/** `kind` is a name with a version, such as `cardea/head/1`. */
export function signJson(kind: string, value: JsonValue, signer: Signer): Uint8Array {
  return signNote(`${kind}\n${canonicalJson(value)}\n`, signer);
}

/** Throws NoteRefusal. The value was signed by a known key as this kind; its shape is still to be checked. */
export function openJson(bytes: Uint8Array, kind: string, verifiers: readonly Verifier[]): JsonValue {
  const { text } = openNote(bytes, verifiers);
  const start = `${kind}\n`;
  if (!text.startsWith(start)) throw new NoteRefusal('note_malformed', `this note is not a ${kind}`);
  const json = text.slice(start.length, -1);
  const value = parse(json, kind);
  if (canonicalJson(value) !== json) throw new NoteRefusal('note_malformed', `this ${kind} is not canonical`);
  return value;
}

function parse(json: string, kind: string): JsonValue {
  try {
    return parseStrictJson(json);
  } catch (cause) {
    throw new NoteRefusal('note_malformed', `this ${kind} holds no strict JSON`, { cause });
  }
}
