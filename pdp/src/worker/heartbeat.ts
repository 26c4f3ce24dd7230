// How the supervisor sees a worker that is stuck: a count in shared memory, odd while the worker is inside the engine.
// A thread that is stuck in WebAssembly answers no message; its count just stops.
import type { Judge } from '../decision/judge.ts';

const countBytes = Int32Array.BYTES_PER_ELEMENT;

export function allocateHeartbeats(workers: number): SharedArrayBuffer {
  return new SharedArrayBuffer(workers * countBytes);
}

export class Heartbeat {
  readonly #counts: Int32Array;
  readonly #index: number;

  constructor(counts: SharedArrayBuffer, index: number) {
    this.#counts = new Int32Array(counts);
    this.#index = index;
  }

  /** Odd: inside the engine. The same odd count twice is the same call. */
  read(): number {
    return Atomics.load(this.#counts, this.#index);
  }

  /** For a place that a new worker takes over. */
  reset(): void {
    Atomics.store(this.#counts, this.#index, 0);
  }

  /** The judge, with each of its calls marked. It is synchronous: calls do not overlap. */
  watch(judge: Judge): Judge {
    return {
      decide: (request) => this.#during(() => judge.decide(request)),
      dependsOn: (tuple) => this.#during(() => judge.dependsOn(tuple)),
      isVisible: (tuple, contextKeys, known) =>
        this.#during(() => judge.isVisible(tuple, contextKeys, known)),
      explainSteps: (request) => this.#watchSteps(judge.explainSteps(request)),
    };
  }

  *#watchSteps<T>(steps: Generator<T, void>): Generator<T, void> {
    for (;;) {
      const step = this.#during(() => steps.next());
      if (step.done === true) return;
      yield step.value;
    }
  }

  #during<T>(task: () => T): T {
    Atomics.add(this.#counts, this.#index, 1);
    try {
      return task();
    } finally {
      Atomics.add(this.#counts, this.#index, 1);
    }
  }
}
