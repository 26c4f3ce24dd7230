// Signing keys and the file that holds one: a line with the name, then PKCS #8 in PEM. Text before the BEGIN line is
// explanatory (RFC 7468, 5.2), so that openssl reads the same file.

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { NoteRefusal } from './noteRefusal.ts';
import { isKeyName, makeVerifier, type Verifier } from './verifierKey.ts';

export interface Signer {
  readonly verifier: Verifier;
  readonly privateKey: KeyObject;
}

/** A new Ed25519 key. Throws NoteRefusal with `key_malformed` for a name that notes cannot carry. */
export function generateKey(name: string): Signer {
  requireKeyName(name);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { verifier: makeVerifier(name, publicKey), privateKey };
}

/** The text of a key file. It is a secret: write it with mode 0600 and nowhere else. */
export function formatSignerKey(signer: Signer): string {
  const pem = signer.privateKey.export({ format: 'pem', type: 'pkcs8' });
  return `name: ${signer.verifier.name}\n${pem.toString()}`;
}

/** Throws NoteRefusal with `key_malformed`; messages and causes never quote the file. */
export function parseSignerKey(text: string): Signer {
  const [, name, pem] =
    /^name: (\S+)\r?\n(-----BEGIN PRIVATE KEY-----\r?\n[^-]+-----END PRIVATE KEY-----\s*)$/.exec(text) ?? [];
  if (name === undefined || pem === undefined) {
    throw new NoteRefusal(
      'key_malformed',
      'a key file has a line "name: <key name>" and one PEM block after it',
    );
  }
  requireKeyName(name);
  const privateKey = importPrivateKey(pem, name);
  return { verifier: makeVerifier(name, createPublicKey(privateKey)), privateKey };
}

function importPrivateKey(pem: string, name: string): KeyObject {
  let privateKey: KeyObject | undefined;
  try {
    privateKey = createPrivateKey({ key: pem, format: 'pem' });
  } catch {
    // The cause could quote the key.
  }
  if (privateKey?.asymmetricKeyType !== 'ed25519') {
    throw new NoteRefusal('key_malformed', `the key file of ${name} holds no Ed25519 key in PKCS #8`);
  }
  return privateKey;
}

function requireKeyName(name: string): void {
  if (!isKeyName(name)) {
    throw new NoteRefusal(
      'key_malformed',
      'a key name has no spaces and no plus; best is a URL without scheme',
    );
  }
}
