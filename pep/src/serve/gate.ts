// How many requests are under way, of all, of each grant and of each server: whoever asks much takes from the others no
// more than half, and servers that do not answer leave room for those that do, however many they are.
import { Refusal } from '@cardea/schemas/codes';
import type { Identity } from '../identify/identity.ts';

const grantSharePercentMax = 50;

/**
 * A server has room while it has less than so many times what is left over: alone it gets to three quarters of all, and
 * where several hang there is always something left for one more.
 */
const serverTimesLeftMax = 3;

/** What one request takes until it has been answered. */
export interface Place {
  /** Once it is known whose it is, and for what server. Throws Refusal `overloaded`. */
  readonly claim: (identity: Identity, server: string) => void;
  /** Does nothing where it was left already. */
  readonly leave: () => void;
}

export class Gate {
  readonly #max: number;
  readonly #ofGrantMax: number;
  readonly #ofGrants = new Counts();
  readonly #ofServers = new Counts();
  #inflight = 0;

  constructor(requestsMax: number) {
    this.#max = requestsMax;
    this.#ofGrantMax = Math.ceil((requestsMax * grantSharePercentMax) / 100);
  }

  get inflight(): number {
    return this.#inflight;
  }

  /** Throws Refusal `overloaded`. */
  enter(): Place {
    if (this.#inflight >= this.#max) throw new Refusal('overloaded', 'too many requests are under way');
    this.#inflight += 1;
    const leaves = [
      () => {
        this.#inflight -= 1;
      },
    ];
    return {
      claim: ({ grant }, server) => {
        if (this.#ofGrants.of(grant.id) >= this.#ofGrantMax)
          throw new Refusal('overloaded', 'too many requests of this grant are under way');
        // It has entered itself.
        const left = this.#max - this.#inflight + 1;
        if (this.#ofServers.of(server) >= serverTimesLeftMax * left)
          throw new Refusal('overloaded', 'too many requests to this server are under way');
        leaves.push(this.#ofGrants.add(grant.id), this.#ofServers.add(server));
      },
      leave: () => {
        for (const leave of leaves.splice(0)) leave();
      },
    };
  }
}

class Counts {
  readonly #counts = new Map<string, number>();

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Returns what takes it back, to be called once. */
  add(name: string): () => void {
    this.#counts.set(name, this.of(name) + 1);
    return () => {
      const left = this.of(name) - 1;
      if (left > 0) this.#counts.set(name, left);
      else this.#counts.delete(name);
    };
  }
}
