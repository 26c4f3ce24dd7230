// A part of the benchmark in a process of its own: a question goes in, an answer comes out, and it ends with its parent.
// Nothing is ever stopped by name: the handle that started a process is the one that ends it.
import { fork, type ChildProcess as Handle } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Where the command of the product keeps its code, stripped and compiled: so do the parts that run as it does. */
const codeFolder = fileURLToPath(new URL('../../../node_modules/.cache/cardea/code', import.meta.url));

/** A child that has not answered by then is stuck, and so would be its parent. */
const answerTimeoutMsDefault = 60_000;

/** Between the request to end and the end. */
const endTimeoutMs = 15_000;

/** One question at a time. */
export class ChildProcess<Question, Answer> {
  readonly #name: string;
  readonly #handle: Handle;

  private constructor(name: string, handle: Handle) {
    this.#name = name;
    this.#handle = handle;
  }

  /** `file` runs `answerQuestions`. Its standard output goes to our standard error. */
  static start<Question, Answer>(file: URL): ChildProcess<Question, Answer> {
    const handle = fork(file, {
      stdio: ['ignore', 2, 2, 'ipc'],
      serialization: 'advanced',
      execArgv: [],
      env: { ...process.env, NODE_COMPILE_CACHE: codeFolder },
    });
    return new ChildProcess(file.pathname, handle);
  }

  /** Rejects with what the child threw, and where it ends or stays silent. */
  async ask(question: Question, answerTimeoutMs = answerTimeoutMsDefault): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const fail = (how: string): void => {
      reject(new Error(`${this.#name} ${how}`));
    };
    const onMessage = (reply: Reply<Answer>): void => {
      if (reply.kind === 'answer') resolve(reply.answer);
      else fail(`failed: ${reply.message}`);
    };
    const onExit = (code: number | null): void => {
      fail(`ended with ${String(code)}`);
    };
    const timer = setTimeout(() => {
      fail(`has not answered for ${answerTimeoutMs} ms`);
    }, answerTimeoutMs);
    this.#handle.once('message', onMessage).once('exit', onExit);
    try {
      this.#handle.send(question as object);
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#handle.off('message', onMessage).off('exit', onExit);
    }
  }

  async close(): Promise<void> {
    if (this.#handle.exitCode !== null || this.#handle.signalCode !== null) return;
    const ended = once(this.#handle, 'exit');
    const timer = setTimeout(() => this.#handle.kill('SIGKILL'), endTimeoutMs);
    this.#handle.disconnect();
    await ended;
    clearTimeout(timer);
  }
}

type Reply<Answer> =
  { readonly kind: 'answer'; readonly answer: Answer } | { readonly kind: 'fault'; readonly message: string };

/** The child's side: one answer to each question, and `end` when the parent is gone or done with it. */
export function answerQuestions(
  answer: (question: never) => unknown,
  end: () => void | Promise<void> = () => undefined,
): void {
  process.on('message', (question) => {
    void reply(() => answer(question as never));
  });
  process.on('disconnect', () => {
    void Promise.resolve(end()).finally(() => process.exit(0));
  });
}

async function reply(run: () => unknown): Promise<void> {
  try {
    process.send?.({ kind: 'answer', answer: await run() });
  } catch (fault) {
    process.send?.({
      kind: 'fault',
      message: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault),
    });
  }
}
