// A reply that is a stream: lines of a process as events. What waits for a slow client is bounded: the process is held
// where it serves this client alone, and a stream that still gets too far behind breaks off.
import { UpstreamReply } from '../upstreamReply.ts';

export interface Holder {
  /** Stops reading from the process. Each is ended by a `release`. */
  readonly hold: () => void;
  readonly release: () => void;
}

const waitingBytesMax = 8 * 1024 * 1024;

const head = ['content-type', 'text/event-stream', 'cache-control', 'no-cache'];
const before = Buffer.from('event: message\ndata: ');
const behind = Buffer.from('\n\n');

export class EventStream {
  readonly reply: UpstreamReply;
  readonly #holder: Holder;
  #isHolding = false;
  #waitingBytes = 0;
  #hasEnded = false;

  /** `onLeave` is called once where nobody reads it any more before it has ended. */
  constructor(headers: readonly string[], holder: Holder, onLeave: () => void) {
    this.#holder = holder;
    this.reply = new UpstreamReply(200, [...head, ...headers], {
      pause: () => {
        this.#hold();
      },
      resume: () => {
        this.#waitingBytes = 0;
        this.#release();
      },
      abort: () => {
        if (this.#end()) onLeave();
      },
    });
  }

  push(line: Buffer): void {
    if (this.#hasEnded) return;
    this.reply.push(Buffer.concat([before, line, behind]));
    if (!this.#isHolding) return;
    this.#waitingBytes += line.length;
    if (this.#waitingBytes > waitingBytesMax) this.fail(new Error('the client is too slow'));
  }

  finish(): void {
    if (this.#end()) this.reply.finish();
  }

  fail(cause: Error): void {
    if (this.#end()) this.reply.fail(cause);
  }

  #end(): boolean {
    if (this.#hasEnded) return false;
    this.#hasEnded = true;
    this.#release();
    return true;
  }

  #hold(): void {
    if (this.#isHolding || this.#hasEnded) return;
    this.#isHolding = true;
    this.#holder.hold();
  }

  #release(): void {
    if (!this.#isHolding) return;
    this.#isHolding = false;
    this.#holder.release();
  }
}
