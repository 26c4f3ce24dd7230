import { createPrivateKey, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { noteBytesMax, openNote, signaturesMax, signNote } from './note.ts';
import { NoteRefusal } from './noteRefusal.ts';
import { generateKey, type Signer } from './signerKey.ts';
import { makeVerifier, parseVerifierKey } from './verifierKey.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const codeOf = (task: () => unknown): string => {
  try {
    task();
    return 'no refusal';
  } catch (error) {
    return error instanceof NoteRefusal ? error.code : String(error);
  }
};

// c2sp.org/signed-note, Verifier keys, Example.
const specified = {
  key: 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
  text: 'This is an example message.\n',
  signature:
    '\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n',
};

// golang.org/x/mod/sumdb/note, package documentation; the seed is that of its published signing key.
const go = {
  key: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  seed: Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1),
  text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
  signature:
    '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
};

const ed25519Pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

describe('openNote', () => {
  it.each([
    ['of the specification', specified],
    ["of Go's package", go],
  ])('opens the vector %s', (_, { key, text, signature }) => {
    const opened = openNote(encode(`${text}\n${signature}`), [parseVerifierKey(key)]);
    expect(opened).toEqual({ text, signedBy: [key.slice(0, key.indexOf('+'))] });
  });

  it('takes the last blank line as the end of the text', () => {
    const signer = generateKey('a');
    const text = 'one\n\ntwo\n\n\u2014 a AAAA\n';
    expect(openNote(signNote(text, signer), [signer.verifier]).text).toBe(text);
  });

  it('ignores signatures by unknown keys, also those that share a name or an ID with a known one', () => {
    const [known, sameName, stranger] = [generateKey('a'), generateKey('a'), generateKey('b')];
    const sameId =
      decode(signNote('text\n', known)).split('\n').at(-2)?.replace('\u2014 a', '\u2014 c') ?? '';
    const note = decode(signNote('text\n', stranger, sameName, known)) + `${sameId}\n`;
    expect(openNote(encode(note), [known.verifier]).signedBy).toEqual(['a']);
  });

  it('names every known key that signed, once and sorted', () => {
    const [first, second] = [generateKey('b'), generateKey('a')];
    const note = signNote('text\n', first, second, first);
    expect(openNote(note, [first.verifier, second.verifier]).signedBy).toEqual(['a', 'b']);
  });

  it('refuses a note where one known key signed and another only seems to have', () => {
    const [honest, forged] = [generateKey('a'), generateKey('b')];
    const forgery = decode(signNote('other\n', forged)).split('\n').at(-2) ?? '';
    const note = encode(`${decode(signNote('text\n', honest))}${forgery}\n`);
    expect(codeOf(() => openNote(note, [honest.verifier, forged.verifier]))).toBe('note_forged');
  });

  it('wants a signature to satisfy both keys where name and ID coincide', () => {
    const [known, other] = [generateKey('a'), generateKey('a')];
    const twin = { ...other.verifier, keyId: known.verifier.keyId };
    const note = signNote('text\n', known);
    expect(codeOf(() => openNote(note, [known.verifier, twin]))).toBe('note_forged');
    expect(codeOf(() => openNote(note, [twin, known.verifier]))).toBe('note_forged');
  });

  it('opens nothing when no key is known', () => {
    expect(codeOf(() => openNote(signNote('text\n', generateKey('a')), []))).toBe('note_unsigned');
  });

  it('refuses every note with one byte changed', () => {
    const signer = generateKey('a.example/key');
    const note = signNote('text\n', signer);
    for (let at = 0; at < note.length; at += 1) {
      const changed = note.map((byte, index) => (index === at ? byte ^ 1 : byte));
      expect(codeOf(() => openNote(changed, [signer.verifier]))).toMatch(/^note_/);
    }
  });

  const line = specified.signature;
  const [, , blob = ''] = line.trimEnd().split(' ');
  const text = specified.text;
  it.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'note_malformed'],
    ['no blank line', text + line, 'note_malformed'],
    ['no signature', `${text}\n`, 'note_malformed'],
    ['no final line feed', `${text}\n${line.trimEnd()}`, 'note_malformed'],
    ['a line after the signatures', `${text}\n${line}more\n`, 'note_malformed'],
    ['a hyphen for the dash', `${text}\n${line.replace('\u2014', '-')}`, 'note_malformed'],
    ['no name', `${text}\n\u2014  ${blob}\n`, 'note_malformed'],
    ['a plus in the name', `${text}\n\u2014 a+b ${blob}\n`, 'note_malformed'],
    ['a Unicode space in the name', `${text}\n\u2014 a\u00a0b ${blob}\n`, 'note_malformed'],
    ['two spaces before the signature', `${text}\n${line.replace(' Uw', '  Uw')}`, 'note_malformed'],
    ['a fourth word', `${text}\n${line.replace('\n', ' x\n')}`, 'note_malformed'],
    ['base64 without padding', `${text}\n${line.replace('=\n', '\n')}`, 'note_malformed'],
    ['base64 with unused bits set', `${text}\n${line.replace('M=\n', 'N=\n')}`, 'note_malformed'],
    ['base64 for URLs', `${text}\n\u2014 b Uw2QO_-_\n`, 'note_malformed'],
    ['no bytes after the key ID', `${text}\n\u2014 b Uw2QOg==\n`, 'note_malformed'],
    ['a tab', `a\tb\n\n${line}`, 'note_malformed'],
    ['a NUL', `a\0b\n\n${line}`, 'note_malformed'],
    ['carriage returns', `${text}\n${line}`.replaceAll('\n', '\r\n'), 'note_malformed'],
    ['a byte order mark', `\ufeff${text}\n${line}`, 'note_forged'],
    ['bytes that are not UTF-8', Uint8Array.of(0xff, 10, 10, 0xe2, 0x80, 0x94, 10), 'note_malformed'],
    ['another text', `That is an example message.\n\n${line}`, 'note_forged'],
    ['a text with a line more', `\n${text}\n${line}`, 'note_forged'],
    ['a signature cut short', `${text}\n\u2014 example.com/foo Uw2QOkn8\n`, 'note_forged'],
    ['only a stranger', `${text}\n${line.replace('example.com/foo', 'example.com/bar')}`, 'note_unsigned'],
    ['too many signatures', `${text}\n${line.repeat(signaturesMax + 1)}`, 'note_too_large'],
    ['too many bytes', `${'a'.repeat(noteBytesMax)}\n\n${line}`, 'note_too_large'],
  ])('refuses %s', (_, note, code) => {
    const bytes = typeof note === 'string' ? encode(note) : note;
    expect(codeOf(() => openNote(bytes, [parseVerifierKey(specified.key)]))).toBe(code);
  });

  it('answers any bytes with a note or a NoteRefusal', () => {
    const known = [parseVerifierKey(specified.key)];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(codeOf(() => openNote(bytes, known))).toMatch(/^note_/);
      }),
    );
  });
});

describe('signNote', () => {
  it("writes Go's vector byte for byte", () => {
    const der = Buffer.concat([ed25519Pkcs8Prefix, go.seed]);
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const signer: Signer = { verifier: parseVerifierKey(go.key), privateKey };
    expect(decode(signNote(go.text, signer))).toBe(`${go.text}\n${go.signature}`);
  });

  it('signs the text with its final line feed and without the blank line', () => {
    const signer = generateKey('a');
    const expected = sign(null, Buffer.from('text\n'), signer.privateKey).toString('base64');
    const line = decode(signNote('text\n', signer)).split('\n').at(-2) ?? '';
    const blob = Buffer.from(line.slice('\u2014 a '.length), 'base64');
    expect(blob.subarray(4).toString('base64')).toBe(expected);
    expect(makeVerifier('a', signer.verifier.publicKey).keyId).toBe(blob.subarray(0, 4).toString('hex'));
  });

  it('gives notes that open again, for any lines', () => {
    const signer = generateKey('a');
    const lines = fc.array(fc.string({ unit: 'grapheme' }).filter((line) => !/\p{Cc}/u.test(line)));
    fc.assert(
      fc.property(lines, (content) => {
        const text = `${content.join('\n')}\n`;
        expect(openNote(signNote(text, signer), [signer.verifier]).text).toBe(text);
      }),
    );
  });

  it.each([
    ['no line feed', 'text'],
    ['nothing', ''],
    ['a tab', 'a\tb\n'],
    ['a lone surrogate', '\ud800\n'],
  ])('refuses text with %s', (_, text) => {
    expect(codeOf(() => signNote(text, generateKey('a')))).toBe('note_malformed');
  });

  it('refuses to write a note that nobody signed', () => {
    expect(codeOf(() => signNote('text\n'))).toBe('note_unsigned');
  });
});
