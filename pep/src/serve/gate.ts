// How many requests are under way, of all and of each grant: whoever asks much takes from the others no more than half.
import { Refusal } from '@cardea/schemas/codes';
import type { Identity } from '../identify/identity.ts';

const grantSharePercentMax = 50;

export class Gate {
  readonly #max: number;
  readonly #ofGrantMax: number;
  readonly #ofGrants = new Map<string, number>();
  #inflight = 0;

  constructor(requestsMax: number) {
    this.#max = requestsMax;
    this.#ofGrantMax = Math.ceil((requestsMax * grantSharePercentMax) / 100);
  }

  get inflight(): number {
    return this.#inflight;
  }

  /** Returns what ends it, to be called once. Throws Refusal `overloaded`. */
  enter(): () => void {
    if (this.#inflight >= this.#max) throw new Refusal('overloaded', 'too many requests are under way');
    this.#inflight += 1;
    return () => {
      this.#inflight -= 1;
    };
  }

  /** The same for one of those that have entered, once it is known whose it is. */
  enterAs({ grant: { id } }: Identity): () => void {
    const count = this.#ofGrants.get(id) ?? 0;
    if (count >= this.#ofGrantMax)
      throw new Refusal('overloaded', 'too many requests of this grant are under way');
    this.#ofGrants.set(id, count + 1);
    return () => {
      const left = (this.#ofGrants.get(id) ?? 0) - 1;
      if (left > 0) this.#ofGrants.set(id, left);
      else this.#ofGrants.delete(id);
    };
  }
}
