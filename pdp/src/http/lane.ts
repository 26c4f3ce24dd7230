// The time of a thread that long work may take: all of it together works for a moment, then every waiting request goes
// first; and after a piece that took long, the others have as long.
import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import { Refusal } from '@cardea/schemas/codes';

/** A few decisions long. */
const momentMs = 2;

/** No rest is longer, whatever the piece before it took. */
const restMsMax = 250;

export class Lane {
  readonly #now: () => number;
  #workedMs = 0;
  #resting: Promise<void> | undefined;

  /** `now` is monotonic, in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Runs the piece when it is its turn. Of a piece that is asynchronous only the beginning counts. */
  async work<T>(piece: () => T | Promise<T>): Promise<T> {
    // Who rested longest goes first: each piece that fills the moment sends those behind it back into line.
    do await this.#resting;
    while (this.#resting !== undefined);
    const begunMs = this.#now();
    let result: T | Promise<T>;
    try {
      result = piece();
    } finally {
      this.#spend(this.#now() - begunMs);
    }
    return result;
  }

  /** For one task of many pieces: `work`, until its time is up. Then it throws Refusal `timed_out`. */
  paceFor(timeoutMs: number): Pace {
    const endMs = this.#now() + timeoutMs;
    return {
      work: (piece) =>
        this.work(() => {
          if (this.#now() <= endMs) return piece();
          throw new Refusal('timed_out', 'the request took too long; make it smaller');
        }),
    };
  }

  #spend(ms: number): void {
    this.#workedMs += ms;
    if (this.#workedMs < momentMs) return;
    const workedMs = Math.min(this.#workedMs, restMsMax);
    this.#workedMs = 0;
    const rest: Promise<unknown> = workedMs < 2 * momentMs ? setImmediate() : delay(workedMs);
    this.#resting = rest.then(() => {
      this.#resting = undefined;
    });
  }
}

/** How one long task gets its work done. */
export interface Pace {
  readonly work: <T>(piece: () => T | Promise<T>) => Promise<T>;
}
