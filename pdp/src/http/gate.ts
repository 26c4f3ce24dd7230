// How much happens at once, over all callers and of each. Past a limit the answer is a refusal at once, never a wait
// without end.
import { Refusal } from '@cardea/schemas/codes';

export interface GateOptions {
  readonly max: number;
  /** What one caller may have of it. */
  readonly shareMax: number;
  /** `requests`, for messages. */
  readonly things: string;
}

/** Counts what is under way: requests between their headers and the end of their answers, open streams. */
export class Gate {
  readonly #options: GateOptions;
  /** Of callers that have something under way: no more than `max`. */
  readonly #shares = new Map<string, number>();
  #inside = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  get inside(): number {
    return this.#inside;
  }

  /** Throws Refusal `overloaded`. Every `enter` that returns needs its `leave`. */
  enter(caller: string): void {
    const { max, shareMax, things } = this.#options;
    if (this.#inside >= max) throw new Refusal('overloaded', `${max} ${things} are under way`);
    const share = this.#shares.get(caller) ?? 0;
    if (share >= shareMax)
      throw new Refusal('overloaded', `${shareMax} ${things} of this caller are under way`);
    this.#shares.set(caller, share + 1);
    this.#inside += 1;
  }

  leave(caller: string): void {
    const share = this.#shares.get(caller) ?? 0;
    if (share > 1) this.#shares.set(caller, share - 1);
    else this.#shares.delete(caller);
    this.#inside -= 1;
  }
}

export interface TurnstileOptions {
  readonly activeMax: number;
  readonly queuedMax: number;
  /** What one caller may have of the queue. */
  readonly shareMax: number;
}

/** Lets a few long tasks run at once; others wait in a bounded queue, in which callers take turns. */
export class Turnstile {
  readonly #options: TurnstileOptions;
  /** Each caller's tasks in their order; callers in the order of their turns. */
  readonly #queues = new Map<string, (() => void)[]>();
  #queued = 0;
  #active = 0;

  constructor(options: TurnstileOptions) {
    this.#options = options;
  }

  /** Throws Refusal `overloaded` when the queue, or the caller's share of it, is full. */
  async pass<T>(caller: string, task: () => Promise<T>): Promise<T> {
    await this.#enter(caller);
    try {
      return await task();
    } finally {
      this.#leave();
    }
  }

  async #enter(caller: string): Promise<void> {
    const { activeMax, queuedMax, shareMax } = this.#options;
    if (this.#active < activeMax) {
      this.#active += 1;
      return;
    }
    const queue = this.#queues.get(caller) ?? [];
    if (this.#queued >= queuedMax || queue.length >= shareMax) {
      throw new Refusal('overloaded', 'too many long requests wait');
    }
    this.#queues.set(caller, queue);
    this.#queued += 1;
    await new Promise<void>((resolve) => queue.push(resolve));
  }

  /** The place goes to the next in line, so that nobody slips in between; a caller who has more goes to the end. */
  #leave(): void {
    const [turn] = this.#queues;
    if (turn === undefined) {
      this.#active -= 1;
      return;
    }
    const [caller, queue] = turn;
    const next = queue.shift();
    this.#queues.delete(caller);
    if (queue.length > 0) this.#queues.set(caller, queue);
    this.#queued -= 1;
    next?.();
  }
}
