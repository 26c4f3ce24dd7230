// Notes: text signed by one or more keys, as c2sp.org/signed-note defines them. Go's sumdb/note and every tool of
// the transparency world read what is written here, and the other way round.

import { sign, verify } from 'node:crypto';
import { decodeBase64 } from './base64.ts';
import { NoteRefusal } from './noteRefusal.ts';
import type { Signer } from './signerKey.ts';
import { isKeyName, type Verifier } from './verifierKey.ts';

export interface OpenedNote {
  /** With its final line feed. */
  readonly text: string;
  /** Names of the known keys that signed, sorted, each once. Never empty. */
  readonly signedBy: readonly string[];
}

/** Ours are a few hundred bytes; room for a checkpoint with post-quantum signatures of 5 KB each. */
export const noteBytesMax = 256 * 1024;

/** Verifiers have to accept 16 at least (c2sp.org/signed-note, Format). */
export const signaturesMax = 64;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const dash = '\u2014';
const keyIdBytes = 4;
const controls = /[\u0000-\u0009\u000b-\u001f]/;

/** Throws NoteRefusal with `note_malformed` for text that a note cannot carry. */
export function signNote(text: string, ...signers: readonly Signer[]): Uint8Array {
  if (!text.endsWith('\n') || controls.test(text) || !text.isWellFormed()) {
    throw new NoteRefusal('note_malformed', 'the text of a note is Unicode lines, each with its line feed');
  }
  if (signers.length === 0) throw new NoteRefusal('note_unsigned', 'a note needs a signature');
  const message = encoder.encode(text);
  const lines = signers.map(({ verifier, privateKey }) => {
    const blob = Buffer.concat([Buffer.from(verifier.keyId, 'hex'), sign(null, message, privateKey)]);
    return `${dash} ${verifier.name} ${blob.toString('base64')}\n`;
  });
  return encoder.encode(`${text}\n${lines.join('')}`);
}

/**
 * The text of a note that at least one of `verifiers` signed. Signatures by unknown keys are ignored; one by a known
 * key that fails refuses the note. Throws NoteRefusal; nothing of the text is to be used then.
 */
export function openNote(bytes: Uint8Array, verifiers: readonly Verifier[]): OpenedNote {
  const { text, signatures } = parseNote(bytes);
  const message = encoder.encode(text);
  const signedBy = new Set<string>();
  for (const { name, keyId, signature } of signatures) {
    // Name and ID can coincide for two keys; a signature then has to satisfy both, so neither can be bypassed.
    for (const known of verifiers.filter((verifier) => verifier.name === name && verifier.keyId === keyId)) {
      if (!verify(null, message, known.publicKey, signature)) {
        throw new NoteRefusal('note_forged', `the signature of ${name} does not verify`);
      }
      signedBy.add(name);
    }
  }
  if (signedBy.size === 0) throw new NoteRefusal('note_unsigned', 'no known key signed this note');
  return { text, signedBy: [...signedBy].sort() };
}

interface NoteSignature {
  readonly name: string;
  readonly keyId: string;
  readonly signature: Uint8Array;
}

function parseNote(bytes: Uint8Array): { text: string; signatures: readonly NoteSignature[] } {
  if (bytes.length > noteBytesMax) {
    throw new NoteRefusal('note_too_large', `a note may have ${noteBytesMax} bytes`);
  }
  const note = decode(bytes);
  const blank = note.lastIndexOf('\n\n');
  if (blank < 0 || !note.endsWith('\n') || controls.test(note)) {
    throw new NoteRefusal('note_malformed', 'a note is lines of text, a blank line, and lines of signatures');
  }
  const lines = note.slice(blank + 2, -1).split('\n');
  if (lines.length > signaturesMax) {
    throw new NoteRefusal('note_too_large', `a note may have ${signaturesMax} signatures`);
  }
  return { text: note.slice(0, blank + 1), signatures: lines.map(parseSignature) };
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new NoteRefusal('note_malformed', 'a note is UTF-8', { cause });
  }
}

function parseSignature(line: string): NoteSignature {
  const [mark, name, base64, ...rest] = line.split(' ');
  const blob = base64 === undefined ? undefined : decodeBase64(base64);
  const isFormed = mark === dash && name !== undefined && isKeyName(name) && rest.length === 0;
  if (!isFormed || blob === undefined || blob.length <= keyIdBytes) {
    throw new NoteRefusal('note_malformed', 'a signature is a dash, a key name, and base64');
  }
  const keyId = Buffer.from(blob.subarray(0, keyIdBytes)).toString('hex');
  return { name, keyId, signature: blob.subarray(keyIdBytes) };
}
