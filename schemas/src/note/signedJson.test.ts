import { describe, expect, it } from '@jest/globals';
import { signNote } from './note.ts';
import { NoteRefusal } from './noteRefusal.ts';
import { openJson, signJson } from './signedJson.ts';
import { generateKey } from './signerKey.ts';

const signer = generateKey('a.example/key');
const known = [signer.verifier];
const codeOf = (task: () => unknown): string => {
  try {
    task();
    return 'no refusal';
  } catch (error) {
    return error instanceof NoteRefusal ? error.code : String(error);
  }
};

describe('openJson', () => {
  it('gives back what was signed', () => {
    expect(openJson(signJson('cardea/test/1', { b: 1, a: ['x'] }, signer), 'cardea/test/1', known)).toEqual({
      a: ['x'],
      b: 1,
    });
  });

  it('refuses a statement of another kind, though the key is known', () => {
    const bytes = signJson('cardea/head/1', { seq: 1 }, signer);
    expect(codeOf(() => openJson(bytes, 'cardea/authority/1', known))).toBe('note_malformed');
  });

  it('checks the signature before the kind', () => {
    const bytes = signJson('cardea/head/1', {}, generateKey('b'));
    expect(codeOf(() => openJson(bytes, 'cardea/authority/1', known))).toBe('note_unsigned');
  });

  it.each([
    ['blanks', 'kind\n{"a": 1}\n'],
    ['keys out of order', 'kind\n{"b":1,"a":1}\n'],
    ['a key twice', 'kind\n{"a":1,"a":1}\n'],
    ['no JSON', 'kind\n\n'],
    ['a second line', 'kind\n{}\n{}\n'],
    ['no kind', '{}\n'],
    ['a kind that only starts alike', 'kind2\n{}\n'],
  ])('refuses a signed text with %s', (_, text) => {
    expect(codeOf(() => openJson(signNote(text, signer), 'kind', known))).toBe('note_malformed');
  });
});
