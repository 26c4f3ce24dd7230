// Answers to requests whose reply is of no use: an error of ours in its place, with the status of the reply where that
// means something to clients of MCP.
import { codes, type Code } from '@cardea/schemas/codes';
import { writeJson } from '@cardea/schemas/json';
import { report, type Exchange } from './exchange.ts';
import { unshared } from './replyHead.ts';
import { errorResponse, makeStop } from './rpcError.ts';

export interface Failure {
  readonly code: Code;
  /** For the client, without anything that the server said. */
  readonly message?: string;
  /** In place of the one that the code has. */
  readonly status?: number;
}

/**
 * No session here any more, nothing to listen to, ask again later, and what a client did wrong. Everything else is between
 * the server and us.
 */
const meaningful = new Set([400, 404, 405, 406, 409, 413, 415, 429, 503]);

/** They stay with their status. */
const keptHeaders = new Set(['allow', 'retry-after']);

/** Whoever asked may have nothing any more. */
export const revoked: Failure = { code: 'unauthenticated' };

export function failureOf(status: number): Failure {
  if (status === 401 || status === 403) return { code: 'upstream_credential' };
  if (status < 400) {
    return { code: 'upstream_invalid', message: 'what the server sent is no answer to what was asked' };
  }
  return meaningful.has(status) ? { code: 'upstream_error', status } : { code: 'upstream_error' };
}

/** Ends the reply and answers every request that still waits. */
export function sendFailure(exchange: Exchange, { code, message, status }: Failure): void {
  const { reply, response, head, answers } = exchange;
  reply.destroy();
  exchange.failure = code;
  report(exchange, { kind: 'failed', code, status: head.status });
  const stop = makeStop(code, message);
  const waiting = answers.waiting();
  for (const { id } of waiting) answers.note(id, { kind: 'replaced', code });
  const errors = waiting.map(({ id }) => errorResponse(id, stop));
  const body = Buffer.from(writeJson(errors.length > 1 ? errors : (errors[0] ?? errorResponse(null, stop))));
  response.writeHead(status ?? codes[code].http, [
    ...keepHeaders(head.headers),
    ...['cache-control', unshared],
    'content-type',
    'application/json',
    'content-length',
    String(body.length),
  ]);
  response.end(body);
}

function keepHeaders(headers: readonly string[]): string[] {
  return headers.filter((_, at) => keptHeaders.has((headers[at - (at % 2)] as string).toLowerCase()));
}
