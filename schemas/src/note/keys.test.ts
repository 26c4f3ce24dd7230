import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { openNote, signNote } from './note.ts';
import { NoteRefusal } from './noteRefusal.ts';
import { formatSignerKey, generateKey, parseSignerKey } from './signerKey.ts';
import { formatVerifierKey, parseVerifierKey } from './verifierKey.ts';

const codeOf = (task: () => unknown): string => {
  try {
    task();
    return 'no refusal';
  } catch (error) {
    return error instanceof NoteRefusal ? error.code : String(error);
  }
};

const key = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';

describe('parseVerifierKey', () => {
  it('reads what formatVerifierKey writes', () => {
    expect(formatVerifierKey(parseVerifierKey(key))).toBe(key);
    const { verifier } = generateKey('log.example/2026');
    expect(formatVerifierKey(parseVerifierKey(formatVerifierKey(verifier)))).toBe(
      formatVerifierKey(verifier),
    );
  });

  it.each([
    ['every part of it', ''],
    ['the name alone', 'PeterNeumann'],
    ['another name', key.replace('Peter', 'Paul')],
    ['no name', key.replace('PeterNeumann', '')],
    ['a space in the name', key.replace('PeterNeumann', 'Peter Neumann')],
    ['another key ID', key.replace('c74f20a3', 'c74f20a4')],
    ['a key ID in upper case', key.replace('c74f20a3', 'C74F20A3')],
    ['a key that is short', key.slice(0, -4)],
    ['a key that is long', `${key}AAAA`],
    // The key IDs of these two are right for what they name.
    [
      'a key of the wrong length',
      'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==',
    ],
    ['another algorithm', 'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
    ['blanks around it', ` ${key}\n`],
  ])('refuses %s', (_, text) => {
    expect(codeOf(() => parseVerifierKey(text))).toBe('key_malformed');
  });

  it('refuses a key with any one character changed', () => {
    for (let at = 0; at < key.length; at += 1) {
      const changed = key.slice(0, at) + String.fromCharCode(key.charCodeAt(at) ^ 1) + key.slice(at + 1);
      expect(codeOf(() => parseVerifierKey(changed))).toBe('key_malformed');
    }
  });
});

describe('parseSignerKey', () => {
  it('reads what formatSignerKey writes: the same key under the same name', () => {
    const signer = generateKey('acme.example/publisher');
    const again = parseSignerKey(formatSignerKey(signer));
    expect(openNote(signNote('text\n', again), [signer.verifier]).signedBy).toEqual([
      'acme.example/publisher',
    ]);
  });

  it('writes a file that OpenSSL reads as it stands', () => {
    const text = formatSignerKey(generateKey('a'));
    expect(createPrivateKey(text).asymmetricKeyType).toBe('ed25519');
  });

  const text = formatSignerKey(generateKey('a'));
  const foreign = generateKeyPairSync('x25519')
    .privateKey.export({ format: 'pem', type: 'pkcs8' })
    .toString();
  it.each([
    ['no name', text.replace('name: a\n', '')],
    ['an empty name', text.replace('name: a', 'name: ')],
    ['a name with a plus', text.replace('name: a', 'name: a+b')],
    ['no key', 'name: a\n'],
    ['a key that is cut short', text.replace(/.{8}\n-----END/, '\n-----END')],
    ['a key of another kind', `name: a\n${foreign}`],
    ['two keys', text + text],
  ])('refuses a file with %s', (_, file) => {
    expect(codeOf(() => parseSignerKey(file))).toBe('key_malformed');
  });

  it('quotes nothing of the file in a refusal', () => {
    const broken = text.replace('-----BEGIN PRIVATE KEY-----\n', '-----BEGIN PRIVATE KEY-----\nAAAA');
    const secret = text.split('\n')[2] ?? '';
    let refusal: unknown;
    try {
      parseSignerKey(broken);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(NoteRefusal);
    expect((refusal as NoteRefusal).message).not.toContain(secret);
    expect((refusal as NoteRefusal).cause).toBeUndefined();
  });
});

describe('generateKey', () => {
  it.each(['', 'a b', 'a+b', 'a\u2003b', 'a\nb', '\ud800'])('refuses the name %j', (name) => {
    expect(codeOf(() => generateKey(name))).toBe('key_malformed');
  });
});
