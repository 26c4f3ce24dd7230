// Text that nobody but us can read or make: AES-256-GCM under keys that all replicas of a proxy have. What it is bound to
// is not in it: whoever opens it says that again, and anything else opens nothing.
//
//   sealed = base64url(version (1 byte) key (4 bytes) nonce (12 bytes) ciphertext tag (16 bytes)), without padding
import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes } from 'node:crypto';
import { encodeFields, type Field } from '@cardea/schemas/json';
import { Secret } from '../config/secret.ts';

export interface SealingKey {
  readonly id: string;
  /** Asked whenever it is used: the secret may have changed. */
  readonly secret: () => Secret;
}

export interface SealerOptions {
  /** The first one seals, every one of them opens. */
  readonly keys: readonly [SealingKey, ...SealingKey[]];
  /** What is sealed for one purpose opens for no other. */
  readonly purpose: string;
  readonly organisation: string;
}

const version = 1;
const keyTagBytes = 4;
const headBytes = 1 + keyTagBytes;
const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;
const algorithm = 'aes-256-gcm';

/** What sealing adds before base64url. */
export const sealBytes = headBytes + nonceBytes + tagBytes;

export class Sealer {
  readonly #first: DerivedKey;
  readonly #keys = new Map<string, DerivedKey>();

  /** Throws RangeError for two keys of one id. */
  constructor({ keys, purpose, organisation }: SealerOptions) {
    const derived = keys.map((key) => new DerivedKey(key, purpose, organisation));
    for (const key of derived) {
      if (this.#keys.has(key.tag)) throw new RangeError('two sealing keys have the same id');
      this.#keys.set(key.tag, key);
    }
    this.#first = derived[0] as DerivedKey;
  }

  seal(content: Uint8Array, bound: readonly Field[]): string {
    const head = Buffer.concat([Buffer.of(version), Buffer.from(this.#first.tag, 'hex')]);
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.#first.bytes(), nonce, { authTagLength: tagBytes });
    cipher.setAAD(encodeBound(head, bound));
    const body = [cipher.update(content), cipher.final(), cipher.getAuthTag()];
    return Buffer.concat([head, nonce, ...body]).toString('base64url');
  }

  /** Undefined for whatever was not sealed so, for this, under one of these keys. Never throws. */
  open(text: string, bound: readonly Field[]): Buffer | undefined {
    const bytes = Buffer.from(text, 'base64url');
    // INVARIANT: one sealed thing has one text. Decoders take others for the same bytes: padding, `+/`, loose bits.
    if (bytes.length < sealBytes || bytes.toString('base64url') !== text) return undefined;
    const head = bytes.subarray(0, headBytes);
    const key = this.#keys.get(head.toString('hex', 1));
    if (head[0] !== version || key === undefined) return undefined;
    const nonce = bytes.subarray(headBytes, headBytes + nonceBytes);
    const decipher = createDecipheriv(algorithm, key.bytes(), nonce, { authTagLength: tagBytes });
    decipher.setAAD(encodeBound(head, bound));
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    const content = decipher.update(bytes.subarray(headBytes + nonceBytes, -tagBytes));
    try {
      return Buffer.concat([content, decipher.final()]);
    } catch {
      // The tag does not fit: nothing of the content may be used.
      return undefined;
    }
  }
}

/** For a proxy that shares its keys with nobody: what it sealed ends with it. */
export function makeSealingKey(): SealingKey {
  const secret = new Secret(randomBytes(keyBytes).toString('base64url'));
  return { id: 'process', secret: () => secret };
}

/** Of one secret for one purpose, made again when the secret has changed. */
class DerivedKey {
  readonly tag: string;
  readonly #key: SealingKey;
  readonly #info: Uint8Array;
  #of: Secret | undefined;
  #bytes: Uint8Array = new Uint8Array();

  constructor(key: SealingKey, purpose: string, organisation: string) {
    this.tag = hash('sha256', key.id).slice(0, keyTagBytes * 2);
    this.#key = key;
    this.#info = encodeFields([
      { tag: 0, text: 'cardea/seal/1' },
      { tag: 1, text: purpose },
      { tag: 2, text: organisation },
      { tag: 3, text: key.id },
    ]);
  }

  bytes(): Uint8Array {
    const secret = this.#key.secret();
    if (secret !== this.#of) {
      this.#bytes = new Uint8Array(hkdfSync('sha256', secret.reveal(), '', this.#info, keyBytes));
      this.#of = secret;
    }
    return this.#bytes;
  }
}

function encodeBound(head: Uint8Array, bound: readonly Field[]): Uint8Array {
  return encodeFields([
    { tag: 0, bytes: head },
    { tag: 1, list: bound },
  ]);
}
