// Leaves a service alone that keeps failing: calls are denied at once instead of after their deadline, and one at a time
// tries whether it is back.

/** Failures in a row until it is left alone. */
const failuresMax = 8;
const restMs = 500;

export class CircuitBreaker {
  readonly #now: () => number;
  #failures = 0;
  #restEndMs = 0;

  /** `now` is monotonic, in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get isOpen(): boolean {
    return this.#failures >= failuresMax && this.#now() < this.#restEndMs;
  }

  admits(): boolean {
    if (this.#failures < failuresMax) return true;
    if (this.#now() < this.#restEndMs) return false;
    // The one that tries: others wait for what it finds.
    this.#restEndMs = this.#now() + restMs;
    return true;
  }

  note(succeeded: boolean): void {
    this.#failures = succeeded ? 0 : this.#failures + 1;
    if (this.#failures >= failuresMax) this.#restEndMs = this.#now() + restMs;
  }
}
