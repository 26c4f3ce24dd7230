// Finds workers that are stuck in one call into the engine. Time is the supervisor's alone: a thread that is stuck
// cannot be asked, and the clocks of two threads begin at different moments.
import type { Heartbeat } from '../worker/heartbeat.ts';

interface Sighting {
  readonly count: number;
  readonly sinceMs: number;
}

export class Watchdog {
  readonly #timeoutMs: number;
  readonly #now: () => number;
  readonly #sightings = new Map<Heartbeat, Sighting>();

  /** `now` is monotonic, in milliseconds. */
  constructor(timeoutMs: number, now: () => number) {
    this.#timeoutMs = timeoutMs;
    this.#now = now;
  }

  /** Call at a regular pace. Whether the worker has been inside the same call for longer than it may. */
  isStuck(heartbeat: Heartbeat): boolean {
    const count = heartbeat.read();
    const isInside = (count & 1) === 1;
    const seen = this.#sightings.get(heartbeat);
    if (!isInside || seen?.count !== count) {
      this.#sightings.set(heartbeat, { count, sinceMs: this.#now() });
      return false;
    }
    return this.#now() - seen.sinceMs > this.#timeoutMs;
  }

  /** A new worker has taken the place. */
  forget(heartbeat: Heartbeat): void {
    this.#sightings.delete(heartbeat);
  }
}
