// What the provider remembers, beyond the rotation of its keys.
import type { Adapter, AdapterPayload } from 'oidc-provider';

export class CompanyMemory {
  readonly #entries = new Map<string, AdapterPayload>();

  /** Of one kind of its records. */
  open(kind: string): Adapter {
    const keyOf = (id: string): string => `${kind} ${id}`;
    const findBy = (isIt: (payload: AdapterPayload) => boolean): Promise<AdapterPayload | undefined> =>
      Promise.resolve([...this.#entries].find(([key, one]) => key.startsWith(keyOf('')) && isIt(one))?.[1]);
    return {
      upsert: (id, payload) => {
        this.#entries.set(keyOf(id), payload);
        return Promise.resolve();
      },
      find: (id) => Promise.resolve(this.#entries.get(keyOf(id))),
      findByUid: (uid) => findBy((one) => one.uid === uid),
      findByUserCode: (code) => findBy((one) => one.userCode === code),
      consume: (id) => {
        const entry = this.#entries.get(keyOf(id));
        if (entry !== undefined) entry.consumed = Math.floor(Date.now() / 1_000);
        return Promise.resolve();
      },
      destroy: (id) => {
        this.#entries.delete(keyOf(id));
        return Promise.resolve();
      },
      revokeByGrantId: (grantId) => {
        for (const [key, { grantId: own }] of this.#entries) if (own === grantId) this.#entries.delete(key);
        return Promise.resolve();
      },
    };
  }
}
