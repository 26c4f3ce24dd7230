// Cuts a stream of server-sent events into events, each with its bytes as they came: an event ends with the first line
// that is empty (WHATWG HTML, 9.2.5). Lines end with LF, CR or CRLF, mixed as the server likes.
import { Refusal } from '@cardea/schemas/codes';
import { ByteCollector } from '../byteCollector.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export class EventSplitter {
  readonly #eventBytesMax: number;
  /** The event that has begun and not ended. */
  readonly #begun: ByteCollector;
  #lineIsEmpty = true;
  /** The last chunk ended with CR: an LF that comes now belongs to it and ends no line of its own. */
  #afterCarriageReturn = false;

  constructor(eventBytesMax: number) {
    this.#eventBytesMax = eventBytesMax;
    this.#begun = new ByteCollector(eventBytesMax);
  }

  /** For the event that has begun. */
  get heldBytes(): number {
    return this.#begun.heldBytes;
  }

  /** The events that end in this chunk. Throws Refusal `upstream_invalid` for one that is too large. */
  split(chunk: Buffer): Buffer[] {
    const events: Buffer[] = [];
    const ends = new LineEnds(chunk);
    let begin = 0;
    let at = this.#afterCarriageReturn && chunk[0] === lineFeed ? 1 : 0;
    this.#afterCarriageReturn &&= chunk.length === 0;
    while (at < chunk.length) {
      const end = ends.next(at);
      if (end === -1) {
        this.#lineIsEmpty = false;
        break;
      }
      const isBlank = this.#lineIsEmpty && end === at;
      at = this.#passLineEnd(chunk, end);
      this.#lineIsEmpty = true;
      if (!isBlank) continue;
      events.push(this.#take(chunk.subarray(begin, at)));
      begin = at;
    }
    if (begin < chunk.length) this.#keep(chunk.subarray(begin));
    return events;
  }

  /** What has come of an event that never ended. */
  rest(): Buffer {
    return this.#take(Buffer.alloc(0));
  }

  #passLineEnd(chunk: Buffer, end: number): number {
    if (chunk[end] === lineFeed) return end + 1;
    this.#afterCarriageReturn = end + 1 === chunk.length;
    return chunk[end + 1] === lineFeed ? end + 2 : end + 1;
  }

  #keep(part: Buffer): void {
    this.#requireSize(part);
    this.#begun.append(part);
  }

  #take(last: Buffer): Buffer {
    this.#requireSize(last);
    if (this.#begun.length === 0) return last;
    this.#begun.append(last);
    return this.#begun.take();
  }

  #requireSize(part: Buffer): void {
    if (this.#begun.length + part.length <= this.#eventBytesMax) return;
    throw new Refusal('upstream_invalid', `an event has more than ${this.#eventBytesMax} bytes`);
  }
}

/** Where the next line ends. Each byte of a chunk is looked at once for either character, however many lines there are. */
class LineEnds {
  readonly #chunk: Buffer;
  #lineFeedAt = -2;
  #carriageReturnAt = -2;

  constructor(chunk: Buffer) {
    this.#chunk = chunk;
  }

  /** -1 where no line ends. */
  next(from: number): number {
    this.#lineFeedAt = this.#seek(lineFeed, this.#lineFeedAt, from);
    this.#carriageReturnAt = this.#seek(carriageReturn, this.#carriageReturnAt, from);
    if (this.#lineFeedAt === -1) return this.#carriageReturnAt;
    return this.#carriageReturnAt === -1
      ? this.#lineFeedAt
      : Math.min(this.#lineFeedAt, this.#carriageReturnAt);
  }

  #seek(character: number, known: number, from: number): number {
    if (known === -1 || known >= from) return known;
    return this.#chunk.indexOf(character, from);
  }
}
