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

/** Counts what is under way: requests between their headers and the end of their answers, open streams, held bytes. */
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

  /** Throws Refusal `overloaded`. Every `enter` that returns needs its `leave` of as many. */
  enter(caller: string, count = 1): void {
    const { max, shareMax, things } = this.#options;
    if (this.#inside + count > max) throw new Refusal('overloaded', `${max} ${things} are under way`);
    const share = this.#shares.get(caller) ?? 0;
    if (share + count > shareMax)
      throw new Refusal('overloaded', `${shareMax} ${things} of this caller are under way`);
    this.#shares.set(caller, share + count);
    this.#inside += count;
  }

  leave(caller: string, count = 1): void {
    const share = this.#shares.get(caller) ?? 0;
    if (share > count) this.#shares.set(caller, share - count);
    else this.#shares.delete(caller);
    this.#inside -= count;
  }
}

export interface TurnstileOptions {
  readonly activeMax: number;
  /** What one caller may have of the active ones. */
  readonly activeShareMax: number;
  readonly queuedMax: number;
  /** What one caller may have of the queue. */
  readonly queuedShareMax: number;
}

/**
 * Lets a few long tasks run at once; others wait in a bounded queue, in which callers take turns. No caller has all of
 * the places, so that nobody waits for the end of tasks that are all another's.
 */
export class Turnstile {
  readonly #options: TurnstileOptions;
  /** Each caller's tasks in their order; callers in the order of their turns. */
  readonly #queues = new Map<string, (() => void)[]>();
  /** How many of each caller run. */
  readonly #running = new Map<string, number>();
  #queued = 0;
  #active = 0;

  constructor(options: TurnstileOptions) {
    this.#options = options;
  }

  /** Throws Refusal `overloaded` when the queue, or the caller's share of it, is full. */
  async pass<T>(caller: string, task: () => Promise<T>): Promise<T> {
    if (this.#isFreeFor(caller)) this.#begin(caller);
    else await this.#queue(caller);
    try {
      return await task();
    } finally {
      this.#end(caller);
    }
  }

  #isFreeFor(caller: string): boolean {
    const { activeMax, activeShareMax } = this.#options;
    return this.#active < activeMax && (this.#running.get(caller) ?? 0) < activeShareMax;
  }

  #begin(caller: string): void {
    this.#active += 1;
    this.#running.set(caller, (this.#running.get(caller) ?? 0) + 1);
  }

  /** Resolves when the task has begun. */
  async #queue(caller: string): Promise<void> {
    const { queuedMax, queuedShareMax } = this.#options;
    const queue = this.#queues.get(caller) ?? [];
    if (this.#queued >= queuedMax || queue.length >= queuedShareMax) {
      throw new Refusal('overloaded', 'too many long requests wait');
    }
    this.#queues.set(caller, queue);
    this.#queued += 1;
    await new Promise<void>((resolve) => queue.push(resolve));
  }

  /** The place goes to the next in line, so that nobody slips in between; a caller who has more goes to the end. */
  #end(caller: string): void {
    const running = this.#running.get(caller) ?? 0;
    if (running > 1) this.#running.set(caller, running - 1);
    else this.#running.delete(caller);
    this.#active -= 1;
    const turn = [...this.#queues].find(([waiting]) => this.#isFreeFor(waiting));
    if (turn === undefined) return;
    const [next, queue] = turn;
    const begin = queue.shift();
    this.#queues.delete(next);
    if (queue.length > 0) this.#queues.set(next, queue);
    this.#queued -= 1;
    this.#begin(next);
    begin?.();
  }
}
