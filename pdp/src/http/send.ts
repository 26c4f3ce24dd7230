// Answers on the wire.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer, Sink, StreamAnswer, WholeAnswer } from './call.ts';
import { afterDeciding } from './turns.ts';

export interface SendOptions {
  readonly requestId: string | undefined;
  /** The connection ends with this answer. */
  readonly closing: boolean;
}

/** What a receiver of a stream may leave unread before the stream ends. */
const streamBacklogBytesMax = 256 * 1024;

/** How much of a refused body is read and thrown away, and for how long, so that its sender gets to see the answer. */
const lingerBytesMax = 16 * 1024 * 1024;
const lingerMs = 2_000;

export function sendAnswer(response: ServerResponse, answer: Answer, options: SendOptions): void {
  if (answer.kind === 'stream') {
    openStream(response, answer, options);
    return;
  }
  afterDeciding(() => {
    // Whoever asked may have left meanwhile.
    if (response.destroyed) return;
    writeHead(response, answer, options);
    response.end(answer.body);
  });
}

/** For an answer that may come before the request has ended. */
export function sendEarly(
  request: IncomingMessage,
  response: ServerResponse,
  answer: WholeAnswer,
  options: SendOptions,
): void {
  if (request.complete || response.headersSent) {
    if (response.headersSent) response.destroy();
    else sendAnswer(response, answer, options);
    return;
  }
  writeHead(response, answer, { ...options, closing: true });
  response.write(answer.body);
  linger(request, () => response.end());
}

function writeHead(response: ServerResponse, answer: WholeAnswer, options: SendOptions): void {
  const { requestId, closing } = options;
  response.writeHead(answer.status, {
    'content-type': answer.type,
    'content-length': Buffer.byteLength(answer.body),
    'cache-control': 'no-store',
    ...(requestId === undefined ? undefined : { 'x-request-id': requestId }),
    ...(closing ? { connection: 'close' } : undefined),
    ...answer.headers,
  });
}

/** Closing with unread bytes resets the connection, which can overtake the answer. */
function linger(request: IncomingMessage, end: () => void): void {
  let bytes = 0;
  const timer = setTimeout(finish, lingerMs);
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > lingerBytesMax) finish();
  });
  request.on('end', finish);
  request.on('error', finish);
  function finish(): void {
    clearTimeout(timer);
    end();
  }
}

function openStream(response: ServerResponse, answer: StreamAnswer, options: SendOptions): void {
  response.writeHead(200, {
    'content-type': answer.type,
    'cache-control': 'no-store',
    ...(options.requestId === undefined ? undefined : { 'x-request-id': options.requestId }),
  });
  response.flushHeaders();
  const sink: Sink = {
    write: (text) => {
      response.write(text);
      if (response.writableLength <= streamBacklogBytesMax) return true;
      response.destroy();
      return false;
    },
    end: () => response.end(),
  };
  const stop = answer.start(sink);
  response.on('close', stop);
}
