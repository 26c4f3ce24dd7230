// The reply of a server while it arrives: its head, then its bytes as whoever relays them can take them. Everything in it
// is the server's.
import { EventEmitter } from 'node:events';

export interface ReplyEvents {
  data: [chunk: Buffer];
  /** The last byte has come. */
  end: [];
  /** It broke off. */
  error: [cause: Error];
  /** After `end`, `error` or `destroy`: nothing else comes. */
  close: [];
}

/** Whoever brings the bytes. */
export interface ReplySource {
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

/** Flows from the first listener for `data` on. */
export class UpstreamReply extends EventEmitter<ReplyEvents> {
  readonly statusCode: number;
  /** Names and values in turn, as they came. */
  rawHeaders: readonly string[];
  readonly #source: ReplySource;
  readonly #waiting: Buffer[] = [];
  #hasEnded = false;
  #isFlowing = false;
  #isClosed = false;

  constructor(statusCode: number, rawHeaders: readonly string[], source: ReplySource) {
    super();
    this.statusCode = statusCode;
    this.rawHeaders = rawHeaders;
    this.#source = source;
  }

  /** Everything that has come was handed on, and nothing more comes. */
  get readableEnded(): boolean {
    return this.#isClosed && this.#hasEnded;
  }

  /** Bytes that wait to be handed on. */
  get readableLength(): number {
    return this.#waiting.reduce((bytes, chunk) => bytes + chunk.length, 0);
  }

  override on<K extends keyof ReplyEvents>(name: K, listener: (...values: ReplyEvents[K]) => void): this {
    super.on(name, listener as never);
    if (name === 'data') this.resume();
    return this;
  }

  /** Its headers were read: a stream may stay open for days. */
  forgetHeaders(): void {
    this.rawHeaders = [];
  }

  pause(): void {
    this.#isFlowing = false;
    this.#source.pause();
  }

  resume(): void {
    if (this.#isFlowing || this.#isClosed) return;
    this.#isFlowing = true;
    queueMicrotask(() => {
      this.#flow();
    });
  }

  /** Ends it on the server's side too, where it has not ended. Whoever does that hears `close` later, and nothing else. */
  destroy(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#waiting.length = 0;
    if (!this.#hasEnded) this.#source.abort(new Error('nobody reads the reply'));
    process.nextTick(() => this.emit('close'));
  }

  /** For whoever receives: the next bytes. */
  push(chunk: Buffer): void {
    if (this.#isClosed) return;
    if (this.#isFlowing && this.#waiting.length === 0) this.emit('data', chunk);
    else this.#waiting.push(chunk);
    if (!this.#isFlowing) this.#source.pause();
  }

  /** For whoever receives: that was all. */
  finish(): void {
    this.#hasEnded = true;
    this.#flow();
  }

  /** For whoever receives: it broke off. */
  fail(cause: Error): void {
    if (this.#isClosed) return;
    if (this.listenerCount('error') > 0) this.emit('error', cause);
    this.#close();
  }

  #flow(): void {
    while (this.#isFlowing && !this.#isClosed) {
      const chunk = this.#waiting.shift();
      if (chunk === undefined) break;
      this.emit('data', chunk);
    }
    if (!this.#isFlowing || this.#isClosed || this.#waiting.length > 0) return;
    if (!this.#hasEnded) {
      this.#source.resume();
      return;
    }
    this.emit('end');
    this.#close();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.emit('close');
  }
}
