// The keys of one provider, as it publishes them (RFC 7517). Of what is in the document only public signature keys of
// the pinned algorithms are kept; a token finds the one key that it names, or none.
import { calculateJwkThumbprint, importJWK, type CryptoKey, type JWK } from 'jose';
import { isJsonObject, parseStrictJson, type JsonObject } from '@cardea/schemas/json';

/** Of one provider. More is a mistake of its, or an attempt to make us work. */
export const keysMax = 64;
export const keySetBytesMax = 256 * 1024;
const keySetDepthMax = 8;

export interface SigningKey {
  /** RFC 7638: the same for the same key, whatever it is called. */
  readonly thumbprint: string;
  readonly key: CryptoKey;
}

export interface WantedKey {
  readonly algorithm: string;
  /** A token may leave it out where the provider has one key. */
  readonly kid: string | undefined;
}

interface Published {
  readonly thumbprint: string;
  readonly kid: string | undefined;
  readonly jwk: JWK;
  /** Imported when first asked for, once for each algorithm. */
  readonly imported: Map<string, Promise<CryptoKey>>;
}

export class KeySet {
  readonly #keys: readonly Published[];

  private constructor(keys: readonly Published[]) {
    this.#keys = keys;
  }

  /** Throws JsonRefusal for what is no strict JSON, and RangeError for what is no set of keys, or too large a one. */
  static async read(bytes: Uint8Array): Promise<KeySet> {
    const document = parseStrictJson(bytes, {
      bytesMax: keySetBytesMax,
      depthMax: keySetDepthMax,
      numbers: 'any',
    });
    const listed = isJsonObject(document) ? document['keys'] : undefined;
    if (!Array.isArray(listed)) throw new RangeError('it is no set of keys');
    if (listed.length > keysMax) throw new RangeError(`it has more than ${keysMax} keys`);
    const keys = new Map<string, Published>();
    for (const entry of listed) {
      const published = await publish(entry);
      // The same key under two names would be ambiguous nowhere but here.
      if (published !== undefined) keys.set(`${published.thumbprint} ${published.kid ?? ''}`, published);
    }
    return new KeySet([...keys.values()]);
  }

  get size(): number {
    return this.#keys.length;
  }

  /** Undefined where none fits, and where more than one does: nobody could say which is meant. */
  async find({ algorithm, kid }: WantedKey): Promise<SigningKey | undefined> {
    const [key, ...others] = this.#keys.filter(
      (one) => (kid === undefined || one.kid === kid) && fits(one.jwk, algorithm),
    );
    if (key === undefined || others.length > 0) return undefined;
    const { thumbprint, imported } = key;
    const begun = imported.get(algorithm) ?? importKey(key.jwk, algorithm);
    imported.set(algorithm, begun);
    return { thumbprint, key: await begun };
  }

  thumbprints(): readonly string[] {
    return this.#keys.map(({ thumbprint }) => thumbprint);
  }

  has(thumbprint: string): boolean {
    return this.#keys.some((key) => key.thumbprint === thumbprint);
  }
}

/** Undefined for what is no public key of ours: a set may hold keys for other purposes and of other times. */
async function publish(entry: unknown): Promise<Published | undefined> {
  if (!isJsonObject(entry as JsonObject)) return undefined;
  const { kty, kid, use, key_ops: operations, alg, d } = entry as JsonObject;
  const isForSigning =
    (use === undefined || use === 'sig') &&
    (operations === undefined || (Array.isArray(operations) && operations.includes('verify')));
  const isNamed = kid === undefined || typeof kid === 'string';
  const isMarked = alg === undefined || typeof alg === 'string';
  // A private half that is published is everybody's.
  if (typeof kty !== 'string' || d !== undefined || !isForSigning || !isNamed || !isMarked) return undefined;
  const jwk = publicHalf(entry as JsonObject);
  if (jwk === undefined) return undefined;
  try {
    return { thumbprint: await calculateJwkThumbprint(jwk), kid, jwk, imported: new Map() };
  } catch {
    // Not a key as the specification has them.
    return undefined;
  }
}

const members: ReadonlyMap<string, readonly string[]> = new Map([
  ['RSA', ['n', 'e']],
  ['EC', ['crv', 'x', 'y']],
  ['OKP', ['crv', 'x']],
]);

/** Symmetric keys have none. */
function publicHalf(entry: JsonObject): JWK | undefined {
  const wanted = members.get(entry['kty'] as string);
  if (wanted === undefined) return undefined;
  const jwk: Record<string, string> = { kty: entry['kty'] as string };
  for (const name of [...wanted, 'alg']) {
    const value = entry[name];
    if (typeof value === 'string') jwk[name] = value;
    else if (name !== 'alg') return undefined;
  }
  return jwk;
}

const curves: Readonly<Record<string, string>> = Object.freeze({
  ES256: 'P-256',
  ES384: 'P-384',
  ES512: 'P-521',
  EdDSA: 'Ed25519',
  Ed25519: 'Ed25519',
});

/** INVARIANT: `algorithm` is one of those that were pinned, all of which are asymmetric. */
function fits({ kty, crv, alg }: JWK, algorithm: string): boolean {
  if (alg !== undefined && alg !== algorithm) return false;
  const curve = curves[algorithm];
  return curve === undefined
    ? kty === 'RSA'
    : kty === (algorithm.startsWith('ES') ? 'EC' : 'OKP') && crv === curve;
}

async function importKey(jwk: JWK, algorithm: string): Promise<CryptoKey> {
  return (await importJWK(jwk, algorithm)) as CryptoKey;
}
