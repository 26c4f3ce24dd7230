// Verifier keys (vkeys) as c2sp.org/signed-note writes them: `<name>+<key ID>+<base64(type || public key)>`. Only
// Ed25519, type 0x01: the specification advises to support no more kinds than one needs.

import { createPublicKey, type KeyObject } from 'node:crypto';
import { sha256Bytes } from '../digest/index.ts';
import { decodeBase64 } from './base64.ts';
import { NoteRefusal } from './noteRefusal.ts';

export interface Verifier {
  readonly name: string;
  /** Eight hex digits. An identifier only: anyone can make a key with the same one. */
  readonly keyId: string;
  readonly publicKey: KeyObject;
}

const ed25519Type = 0x01;
const publicKeyBytes = 32;

/** Throws NoteRefusal with `key_malformed`. */
export function parseVerifierKey(text: string): Verifier {
  // Base64 may hold a plus, a name may not: the third part is the rest.
  const [, name, keyId, material] = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/.exec(text) ?? [];
  if (name === undefined || keyId === undefined || material === undefined || !isKeyName(name)) {
    throw new NoteRefusal('key_malformed', 'a verifier key is written name+keyid+base64');
  }
  const bytes = decodeBase64(material);
  if (bytes?.length !== 1 + publicKeyBytes || bytes[0] !== ed25519Type) {
    throw new NoteRefusal('key_malformed', `the verifier key of ${name} is not an Ed25519 key`);
  }
  const verifier = makeVerifier(name, importPublicKey(bytes.subarray(1)));
  if (verifier.keyId !== keyId) {
    throw new NoteRefusal('key_malformed', `the verifier key of ${name} does not have the ID ${keyId}`);
  }
  return verifier;
}

export function formatVerifierKey(verifier: Verifier): string {
  const material = Buffer.concat([Uint8Array.of(ed25519Type), exportPublicKey(verifier.publicKey)]);
  return `${verifier.name}+${verifier.keyId}+${material.toString('base64')}`;
}

export function makeVerifier(name: string, publicKey: KeyObject): Verifier {
  const start = Buffer.from(`${name}\n`);
  const preimage = Buffer.concat([start, Uint8Array.of(ed25519Type), exportPublicKey(publicKey)]);
  const keyId = Buffer.from(sha256Bytes(preimage).subarray(0, 4)).toString('hex');
  return { name, keyId, publicKey };
}

/** Not empty, no plus, no Unicode space; and, as nothing in a note may, no control character. */
export function isKeyName(name: string): boolean {
  return /^[^+\p{White_Space}\p{Cc}]+$/u.test(name) && name.isWellFormed();
}

function importPublicKey(bytes: Uint8Array): KeyObject {
  const x = Buffer.from(bytes).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

function exportPublicKey(publicKey: KeyObject): Uint8Array {
  return Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
}
