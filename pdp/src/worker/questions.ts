// Questions over a message port: each has a number, and its answer comes back under it.

/** How long an answer may take; the supervisor itself waits for slower parties no longer. */
const answerTimeoutMs = 15_000;

/** Unanswered at once; past it, asking fails. */
const openMax = 256;

export class Questions<Answer> {
  readonly #open = new Map<number, { resolve: (answer: Answer) => void; timer: NodeJS.Timeout }>();
  #next = 1;

  /** `send` posts the question under the number. Rejects when no answer comes in time. */
  ask(send: (id: number) => void): Promise<Answer> {
    if (this.#open.size >= openMax) return Promise.reject(new Error('too many questions are open'));
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      const timer = setTimeout(() => {
        this.#open.delete(id);
        reject(new Error('no answer came in time'));
      }, answerTimeoutMs);
      this.#open.set(id, { resolve, timer });
      send(id);
    });
  }

  /** An answer that comes too late is dropped. */
  settle(id: number, answer: Answer): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    this.#open.delete(id);
    clearTimeout(open.timer);
    open.resolve(answer);
  }
}
