// Lets a long task share its thread: it works for a moment, then lets every waiting request go first.
import { setImmediate } from 'node:timers/promises';
import { Refusal } from '@cardea/schemas/codes';

/** A few decisions long. */
const momentMs = 2;

export class Pace {
  readonly #now: () => number;
  readonly #endMs: number;
  #restedMs: number;

  /** `now` is monotonic, in milliseconds. */
  constructor(now: () => number, timeoutMs: number) {
    this.#now = now;
    this.#restedMs = now();
    this.#endMs = this.#restedMs + timeoutMs;
  }

  /** Call between two pieces of work. Throws Refusal `timed_out` once the time is up. */
  async rest(): Promise<void> {
    const nowMs = this.#now();
    if (nowMs > this.#endMs) throw new Refusal('timed_out', 'the request took too long; make it smaller');
    if (nowMs - this.#restedMs < momentMs) return;
    await setImmediate();
    this.#restedMs = this.#now();
  }
}
