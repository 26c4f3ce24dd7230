// When tokens expire, to the second: whoever asks at a regular pace learns that one has.

/** Seconds that are told apart; beyond them something may always have expired. */
const secondsMax = 100_000;

export class ExpiryClock {
  readonly #seconds = new Set<number>();
  #earliest = Infinity;
  #hasOverflown = false;

  add(expiresMs: number): void {
    const second = Math.ceil(expiresMs / 1_000);
    if (this.#seconds.size >= secondsMax) this.#hasOverflown = true;
    else this.#seconds.add(second);
    this.#earliest = Math.min(this.#earliest, second);
  }

  /** Whether one has since it was asked before. */
  hasPassed(nowMs: number): boolean {
    const nowSeconds = nowMs / 1_000;
    if (nowSeconds < this.#earliest) return this.#hasOverflown;
    this.#earliest = Infinity;
    for (const second of this.#seconds) {
      if (second <= nowSeconds) this.#seconds.delete(second);
      else this.#earliest = Math.min(this.#earliest, second);
    }
    return true;
  }
}
