// The answers on one connection, taken from its bytes: with a length, or in chunks. One at a time, since nobody asks
// again before the answer is complete.

export interface Answer {
  readonly status: number;
  readonly isEventStream: boolean;
  readonly sessionId: string | undefined;
  readonly body: string;
}

export interface Head extends Omit<Answer, 'body'> {
  /** Undefined where the body comes in chunks. */
  readonly bodyBytes: number | undefined;
  /** Where the body begins. */
  readonly end: number;
}

const headEnd = Buffer.from('\r\n\r\n');
const none = Buffer.alloc(0);

export class AnswerReader {
  #bytes: Buffer = none;

  /** The answer that these bytes complete. Throws RangeError for bytes beyond it: nobody asked for more. */
  push(bytes: Buffer): Answer | undefined {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    const head = readHead(this.#bytes);
    if (head === undefined) return undefined;
    const body =
      head.bodyBytes === undefined
        ? readChunks(this.#bytes, head.end)
        : readSized(this.#bytes, head.end, head.bodyBytes);
    if (body === undefined) return undefined;
    if (body.end < this.#bytes.length) throw new RangeError('more bytes than one answer has');
    this.#bytes = none;
    return { ...head, body: body.text };
  }
}

/** Undefined until it is whole. */
export function readHead(bytes: Buffer): Head | undefined {
  const at = bytes.indexOf(headEnd);
  if (at === -1) return undefined;
  const text = bytes.toString('latin1', 0, at);
  const isChunked = /\r\ntransfer-encoding: *chunked/i.test(text);
  return {
    status: Number(text.slice(9, 12)),
    isEventStream: /\r\ncontent-type: *text\/event-stream/i.test(text),
    sessionId: /\r\nmcp-session-id: *([^\r]+)/i.exec(text)?.[1],
    bodyBytes: isChunked ? undefined : Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0),
    end: at + headEnd.length,
  };
}

interface Body {
  readonly text: string;
  readonly end: number;
}

function readSized(bytes: Buffer, from: number, length: number): Body | undefined {
  const end = from + length;
  return bytes.length < end ? undefined : { text: bytes.toString('utf8', from, end), end };
}

function readChunks(bytes: Buffer, from: number): Body | undefined {
  const parts: Buffer[] = [];
  for (let at = from; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const end = lineEnd + 2 + size;
    if (Number.isNaN(size)) throw new RangeError('a chunk without a size');
    if (bytes.length < end + 2) return undefined;
    if (size === 0) return { text: Buffer.concat(parts).toString(), end: end + 2 };
    parts.push(bytes.subarray(lineEnd + 2, end));
    at = end + 2;
  }
}
