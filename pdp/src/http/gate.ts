// How much happens at once. Past a limit the answer is a refusal at once, never a wait without end.
import { Refusal } from '@cardea/schemas/codes';

/** Counts requests between their headers and the end of their answers. */
export class Gate {
  readonly #max: number;
  #inside = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get inside(): number {
    return this.#inside;
  }

  /** Throws Refusal `overloaded`. Every `enter` that returns needs its `leave`. */
  enter(): void {
    if (this.#inside >= this.#max) throw new Refusal('overloaded', `${this.#max} requests are under way`);
    this.#inside += 1;
  }

  leave(): void {
    this.#inside -= 1;
  }
}

/** Lets a few long tasks run at once; others wait in a bounded queue, in order. */
export class Turnstile {
  readonly #activeMax: number;
  readonly #queuedMax: number;
  readonly #queue: (() => void)[] = [];
  #active = 0;

  constructor(activeMax: number, queuedMax: number) {
    this.#activeMax = activeMax;
    this.#queuedMax = queuedMax;
  }

  /** Throws Refusal `overloaded` when the queue is full. */
  async pass<T>(task: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await task();
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#active < this.#activeMax) {
      this.#active += 1;
      return;
    }
    if (this.#queue.length >= this.#queuedMax) throw new Refusal('overloaded', 'too many long requests wait');
    await new Promise<void>((resolve) => this.#queue.push(resolve));
  }

  /** The place goes to the next in line, so that nobody slips in between. */
  #leave(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#active -= 1;
    else next();
  }
}
