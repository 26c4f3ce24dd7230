// What all relays hold together of answers that have not come whole, or that their clients do not read. Each may hold as
// much as is left besides: a few large ones are ended before there is nothing left for the small.
import { Refusal } from '@cardea/schemas/codes';

export class HeldBytes {
  readonly #max: number;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#max = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** For one relay. */
  open(): Holding {
    let own = 0;
    const set = (bytes: number): void => {
      this.#bytes += bytes - own;
      own = bytes;
    };
    return {
      set: (bytes) => {
        const wantsMore = bytes > own;
        set(bytes);
        if (wantsMore && bytes > this.#max - this.#bytes)
          throw new Refusal('overloaded', 'too much is held of answers that are under way');
      },
      end: () => {
        set(0);
      },
    };
  }
}

export interface Holding {
  /** How much it is now, counted in any case. Throws Refusal `overloaded` where more is held than may be: let go of it. */
  readonly set: (bytes: number) => void;
  readonly end: () => void;
}
