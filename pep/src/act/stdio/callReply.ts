// The reply to one POST while a process works on it: one JSON document where the answer comes first, a stream where
// something else does.
import { Refusal } from '@cardea/schemas/codes';
import type { UpstreamReply } from '../upstreamReply.ts';
import { EventStream, type Holder } from './eventStream.ts';
import { jsonReply } from './wholeReply.ts';

export interface CallReplyOptions {
  /** Answers that it waits for. */
  readonly count: number;
  /** The client reads streams. */
  readonly canStream: boolean;
  /** For whoever reads the reply. */
  readonly headers: readonly string[];
  /** Until the first line. */
  readonly timeoutMs: number;
  readonly holder: Holder;
  /** Nobody waits any more: the client has left, or has waited too long. Called once, before the last answer. */
  readonly onGiveUp: (why: 'left' | 'late') => void;
}

export class CallReply {
  /** Rejects with a Refusal. */
  readonly reply: Promise<UpstreamReply>;
  readonly #options: CallReplyOptions;
  readonly #settle: PromiseWithResolvers<UpstreamReply>;
  readonly #timer: NodeJS.Timeout;
  #stream: EventStream | undefined;
  #waiting: number;
  #isOver = false;

  constructor(options: CallReplyOptions) {
    this.#options = options;
    this.#waiting = options.count;
    this.#settle = Promise.withResolvers();
    this.reply = this.#settle.promise;
    this.#timer = setTimeout(() => {
      this.#giveUp('late');
      this.fail(new Refusal('upstream_timeout', 'the server has not answered in time'));
    }, options.timeoutMs);
  }

  get canTell(): boolean {
    return this.#options.canStream && !this.#isOver;
  }

  /** Something before the answer. */
  tell(line: Buffer): void {
    if (this.canTell) this.#open().push(line);
  }

  /** One of the answers, or several in one array. A stream has begun with a status already. */
  answer(line: Buffer, { count = 1, status = 200 } = {}): void {
    if (this.#isOver) return;
    this.#waiting -= count;
    if (this.#stream === undefined && this.#options.count === count) {
      this.#end();
      this.#settle.resolve(jsonReply(status, line, this.#options.headers));
      return;
    }
    const stream = this.#open();
    stream.push(line);
    if (this.#waiting > 0) return;
    this.#end();
    stream.finish();
  }

  fail(refusal: Refusal): void {
    this.#end();
    this.#settle.reject(refusal);
    this.#stream?.fail(refusal);
  }

  /** The client is gone. */
  leave(): void {
    this.#giveUp('left');
    this.fail(new Refusal('upstream_unavailable', 'whoever called has left'));
  }

  #open(): EventStream {
    if (this.#stream !== undefined) return this.#stream;
    clearTimeout(this.#timer);
    this.#stream = new EventStream(this.#options.headers, this.#options.holder, () => {
      this.leave();
    });
    this.#settle.resolve(this.#stream.reply);
    return this.#stream;
  }

  #giveUp(why: 'left' | 'late'): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.onGiveUp(why);
  }

  #end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }
}
