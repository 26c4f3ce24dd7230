// One question to the decision service on its way: its answer as bytes, within limits of time and size.
import type { Dispatcher } from 'undici';

export interface WholeAnswer {
  readonly status: number;
  readonly bytes: Buffer;
}

export interface ExchangeLimits {
  /** From the question to the last byte of its answer: a service that dribbles has not answered. */
  readonly timeoutMs: number;
  readonly bytesMax: number;
}

export class DecisionExchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<WholeAnswer>;
  readonly #settle: PromiseWithResolvers<WholeAnswer>;
  readonly #timer: NodeJS.Timeout;
  readonly #bytesMax: number;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #controller: Dispatcher.DispatchController | undefined;
  #failure: Error | undefined;

  /** Its time begins at once. */
  constructor({ timeoutMs, bytesMax }: ExchangeLimits) {
    this.#bytesMax = bytesMax;
    this.#settle = Promise.withResolvers();
    this.answer = this.#settle.promise;
    this.#timer = setTimeout(() => {
      this.#fail(new Error(`no answer within ${timeoutMs} ms`));
    }, timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Its time was up before there was a connection.
    if (this.#failure !== undefined) controller.abort(this.#failure);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#bytesMax) this.#fail(new Error('the answer is too long'));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    clearTimeout(this.#timer);
    const [only] = this.#chunks;
    const bytes = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
    this.#settle.resolve({ status: this.#status, bytes });
  }

  onResponseError(_controller: Dispatcher.DispatchController, cause: Error): void {
    clearTimeout(this.#timer);
    this.#settle.reject(cause);
  }

  #fail(cause: Error): void {
    clearTimeout(this.#timer);
    this.#failure = cause;
    this.#settle.reject(cause);
    this.#controller?.abort(cause);
  }
}
