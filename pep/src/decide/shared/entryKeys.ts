// The keys that seal entries: one for each server, derived from a root key that the proxies of an organisation have in
// common. With several root keys the first one writes and all of them read, so that they can be exchanged one by one.
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { encodeFields } from '@cardea/schemas/json';
import type { Secret } from '../../config/secret.ts';

/** A root key is guessed by whoever owns the cache, at leisure: `openssl rand -base64 32` gives 44. */
export const rootKeyCharactersMin = 32;

export const keyIdBytes = 8;
const keyBytes = 32;

const domains = { id: 'cardea/shared/key-id/1', key: 'cardea/shared/key/1' } as const;

export interface EntryKey {
  /** Names the root key; nothing of the key can be told from it. */
  readonly id: Buffer;
  /** As an object: a key that is bytes is taken apart anew for every entry, which takes five times as long. */
  readonly key: KeyObject;
}

interface Root {
  readonly id: Buffer;
  readonly byServer: Map<string, KeyObject>;
}

export class EntryKeys {
  readonly #organisation: string;
  readonly #secrets: readonly (() => Secret)[];
  /** A secret that has changed is another one: what was derived from the one before goes with it. */
  readonly #roots = new WeakMap<Secret, Root>();

  /** At least one secret; each is asked for anew, since its file may have changed. */
  constructor(organisation: string, secrets: readonly (() => Secret)[]) {
    this.#organisation = organisation;
    this.#secrets = secrets;
  }

  writing(server: string): EntryKey {
    const [first] = this.#secrets;
    if (first === undefined) throw new RangeError('there is no root key');
    const secret = first();
    return { id: this.#root(secret).id, key: this.#derive(secret, server) };
  }

  /** Undefined where no root key has that id. */
  reading(server: string, id: Uint8Array): KeyObject | undefined {
    for (const secretOf of this.#secrets) {
      const secret = secretOf();
      if (this.#root(secret).id.equals(id)) return this.#derive(secret, server);
    }
    return undefined;
  }

  #derive(secret: Secret, server: string): KeyObject {
    const { byServer } = this.#root(secret);
    const known = byServer.get(server);
    if (known !== undefined) return known;
    const key = createSecretKey(deriveBytes(secret, [domains.key, this.#organisation, server], keyBytes));
    byServer.set(server, key);
    return key;
  }

  #root(secret: Secret): Root {
    const known = this.#roots.get(secret);
    if (known !== undefined) return known;
    const root = {
      id: deriveBytes(secret, [domains.id], keyIdBytes),
      byServer: new Map<string, KeyObject>(),
    };
    this.#roots.set(secret, root);
    return root;
  }
}

function deriveBytes(secret: Secret, texts: readonly string[], bytes: number): Buffer {
  const info = encodeFields(texts.map((text, tag) => ({ tag, text })));
  return Buffer.from(hkdfSync('sha256', secret.reveal(), '', info, bytes));
}
