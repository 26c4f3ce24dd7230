// HTTP/1.1 by hand: messages as bytes that no client library would send, and the answers as they come back.
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface WireAnswer {
  readonly status: number;
  readonly body: string;
}

/** How a message is sent. */
export interface WireMessage {
  readonly chunks: readonly Uint8Array[];
  /** Between two chunks. */
  readonly pauseMs?: number;
  /** The sending side is closed after the last chunk. */
  readonly closes?: boolean;
  /** How many answers to wait for; fewer come where the connection ends before. */
  readonly answers?: number;
}

/** The service ends slow connections long before this. */
const silenceMs = 20_000;

/** Resolves with what came back until all answers are there or the connection ends. Never rejects: a reset is an end. */
export async function exchange(port: number, message: WireMessage): Promise<WireAnswer[]> {
  const { answers = 1 } = message;
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const reader = new AnswerReader();
  const ended = new Promise<void>((resolve) => {
    socket.on('data', (bytes: Buffer) => {
      reader.push(bytes);
      if (reader.answers.length >= answers) resolve();
    });
    socket.on('close', resolve);
    socket.on('error', () => undefined);
    socket.setTimeout(silenceMs, resolve);
  });
  void send(socket, message);
  await ended;
  socket.destroy();
  return reader.answers;
}

async function send(socket: Socket, { chunks, pauseMs = 0, closes = false }: WireMessage): Promise<void> {
  for (const chunk of chunks) {
    if (!socket.writable) return;
    if (!socket.write(chunk)) await drained(socket);
    if (pauseMs > 0) await delay(pauseMs);
  }
  if (closes) socket.end();
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('drain', resolve);
    socket.once('close', resolve);
  });
}

const endOfHead = Buffer.from('\r\n\r\n');
const noChunks = '0\r\n\r\n';

/** Cuts a stream of bytes into answers. All answers of the service say how long they are. */
class AnswerReader {
  readonly answers: WireAnswer[] = [];
  #received: Buffer = Buffer.alloc(0);

  push(bytes: Buffer): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    while (this.#take());
  }

  #take(): boolean {
    const headEnd = this.#received.indexOf(endOfHead);
    if (headEnd < 0) return false;
    const head = this.#received.toString('latin1', 0, headEnd);
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
    const bodyStart = headEnd + endOfHead.length;
    // Node's own refusals have a body of no chunks.
    const isChunked = /\r\ntransfer-encoding: chunked/i.test(head);
    const bytes = isChunked ? noChunks.length : Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const bodyEnd = bodyStart + bytes;
    if (this.#received.length < bodyEnd) return false;
    // Not an answer yet: the service says that it is ready for the body (RFC 9110, 15.2.1).
    if (status !== 100)
      this.answers.push({ status, body: this.#received.toString('utf8', bodyStart, bodyEnd) });
    this.#received = this.#received.subarray(bodyEnd);
    return true;
  }
}
