// Two ways to be somebody: grants, and tokens of providers. The grants are asked first; what they know is at hand.
import type { Effect } from '@cardea/schemas/cedar';
import type { Found, Identities, Identity } from './identity.ts';

export class EitherIdentities implements Identities {
  readonly #first: Identities;
  readonly #second: Identities;

  constructor(first: Identities, second: Identities) {
    this.#first = first;
    this.#second = second;
  }

  find(token: string, server: string): Found {
    const found = this.#first.find(token, server);
    if (found instanceof Promise) return found.then((one) => one ?? this.#second.find(token, server));
    return found ?? this.#second.find(token, server);
  }

  /** INVARIANT: neither takes what the other has found for its own. */
  isCurrent(identity: Identity): boolean {
    return this.#first.isCurrent(identity) || this.#second.isCurrent(identity);
  }

  mayFinish(identity: Identity): boolean {
    return this.#first.mayFinish(identity) || this.#second.mayFinish(identity);
  }

  requireScope(identity: Identity, server: string, effect: Effect): void {
    this.#first.requireScope(identity, server, effect);
    this.#second.requireScope(identity, server, effect);
  }

  onChange(listener: () => void): () => void {
    const ends = [this.#first.onChange(listener), this.#second.onChange(listener)];
    return () => {
      for (const end of ends) end();
    };
  }
}
