// How often a process may end before it was of use. After that nobody starts it for a while that doubles; then once more.
import { Refusal } from '@cardea/schemas/codes';

const firstWaitMs = 1_000;
const waitMsMax = 60_000;

export class RestartBudget {
  readonly #failuresMax: number;
  /** Cannot be set back; in milliseconds. */
  readonly #monotonic: () => number;
  #failures = 0;
  #openMs = 0;

  constructor(failuresMax: number, monotonic: () => number) {
    this.#failuresMax = failuresMax;
    this.#monotonic = monotonic;
  }

  /** Throws Refusal `upstream_unavailable` while nobody may start it. */
  requireOpen(): void {
    if (this.#monotonic() >= this.#openMs) return;
    throw new Refusal(
      'upstream_unavailable',
      'the server has ended again and again; it is left alone for a while',
    );
  }

  /** Returns for how long it is left alone now. */
  fail(): number {
    this.#failures += 1;
    const excess = this.#failures - this.#failuresMax;
    if (excess < 0) return 0;
    const waitMs = Math.min(waitMsMax, firstWaitMs * 2 ** Math.min(excess, 10));
    this.#openMs = this.#monotonic() + waitMs;
    return waitMs;
  }

  succeed(): void {
    this.#failures = 0;
    this.#openMs = 0;
  }
}
