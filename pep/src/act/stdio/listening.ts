// The stream on which the client of a session listens, and what waits until it does: bounded, the oldest goes first.
import type { UpstreamReply } from '../upstreamReply.ts';
import { EventStream, type Holder } from './eventStream.ts';

const waitingLinesMax = 64;
const waitingBytesMax = 256 * 1024;

export class Listening {
  readonly #holder: Holder;
  #stream: EventStream | undefined;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;

  constructor(holder: Holder) {
    this.#holder = holder;
  }

  get isOpen(): boolean {
    return this.#stream !== undefined;
  }

  /** A client that comes again has lost the stream before, whether that is known yet or not. */
  open(): UpstreamReply {
    this.#stream?.finish();
    const stream = new EventStream([], this.#holder, () => {
      if (this.#stream === stream) this.#stream = undefined;
    });
    this.#stream = stream;
    for (const line of this.#waiting.splice(0)) stream.push(line);
    this.#waitingBytes = 0;
    return stream.reply;
  }

  tell(line: Buffer): void {
    if (this.#stream !== undefined) {
      this.#stream.push(line);
      return;
    }
    this.#waiting.push(line);
    this.#waitingBytes += line.length;
    while (this.#waiting.length > waitingLinesMax || this.#waitingBytes > waitingBytesMax) {
      this.#waitingBytes -= this.#waiting.shift()?.length ?? 0;
    }
  }

  close(): void {
    this.#stream?.finish();
    this.#stream = undefined;
    this.#waiting = [];
  }
}
