// One piece of work that goes on after its call was answered (MCP's tasks extension, SEP-2663): what its client may see of
// it, the questions that it waits for, and its end.
import type { CallToolResult, InputRequests } from '@modelcontextprotocol/server';

export interface Work {
  readonly signal: AbortSignal;
  /** Waits until each request has its answer. */
  readonly ask: (requests: InputRequests) => Promise<Answers>;
}

export type Answers = Readonly<Record<string, unknown>>;

type Outcome =
  | { readonly status: 'completed'; readonly result: CallToolResult }
  | { readonly status: 'failed'; readonly error: { readonly code: number; readonly message: string } }
  | { readonly status: 'cancelled' };

const ttlMs = 60_000;
const pollIntervalMs = 100;
const internalError = -32_603;

export class Task {
  readonly id = crypto.randomUUID();
  readonly #controller = new AbortController();
  readonly #createdAt = new Date().toISOString();
  readonly #answers: Record<string, unknown> = {};
  #lastUpdatedAt = this.#createdAt;
  #pending: InputRequests = {};
  #answered = Promise.withResolvers<Answers>();
  #outcome: Outcome | undefined;

  /** What the work throws is a fault of the protocol; a tool that fails says so in its result. */
  constructor(run: (work: Work) => Promise<CallToolResult>) {
    const work: Work = { signal: this.#controller.signal, ask: (requests) => this.#ask(requests) };
    run(work).then(
      (result) => {
        this.#end({ status: 'completed', result });
      },
      (fault: unknown) => {
        this.#end({ status: 'failed', error: { code: internalError, message: String(fault) } });
      },
    );
  }

  /** As the call that started it is answered. */
  get head(): Record<string, unknown> {
    const { id: taskId, status } = this;
    return {
      taskId,
      status,
      createdAt: this.#createdAt,
      lastUpdatedAt: this.#lastUpdatedAt,
      ttlMs,
      pollIntervalMs,
    };
  }

  /** As tasks/get is answered. */
  get detail(): Record<string, unknown> {
    const waiting = this.status === 'input_required' ? { inputRequests: this.#pending } : {};
    return { ...this.head, ...waiting, ...this.#outcome };
  }

  get status(): string {
    if (this.#outcome !== undefined) return this.#outcome.status;
    return Object.keys(this.#pending).length > 0 ? 'input_required' : 'working';
  }

  /** Answers to what was not asked are left out. */
  answer(answers: Answers): void {
    const known = Object.entries(answers).filter(([key]) => Object.hasOwn(this.#pending, key));
    Object.assign(this.#answers, Object.fromEntries(known));
    const open = Object.entries(this.#pending).filter(([key]) => !Object.hasOwn(this.#answers, key));
    this.#pending = Object.fromEntries(open);
    this.#touch();
    if (known.length > 0 && open.length === 0) this.#answered.resolve(this.#answers);
  }

  cancel(): void {
    this.#end({ status: 'cancelled' });
    this.#controller.abort();
  }

  #ask(requests: InputRequests): Promise<Answers> {
    this.#pending = requests;
    this.#answered = Promise.withResolvers();
    this.#touch();
    return this.#answered.promise;
  }

  /** The first end is the end. */
  #end(outcome: Outcome): void {
    this.#outcome ??= outcome;
    this.#touch();
  }

  #touch(): void {
    this.#lastUpdatedAt = new Date().toISOString();
  }
}
