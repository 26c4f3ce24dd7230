// Everything that comes back from a server, on its way to the client: every frame is parsed and judged, and its bytes go
// on as they came, unless a list must be filtered, a text cleaned or a frame withheld.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { codes } from '@cardea/schemas/codes';
import type { RelayContext, RelayOptions } from './relayContext.ts';
import type { RelayOutcome } from './relayOutcome.ts';

export type { RelayContext, RelayedRequest, RelayOptions, SessionOpening } from './relayContext.ts';
export type { RelayEvent } from './relayEvent.ts';
export type { Answer, RelayOutcome } from './relayOutcome.ts';

/**
 * Resolves with how it ended once the last byte is written or the client is gone; never rejects for what the server
 * does. The response must not have a head yet.
 */
export function relayReply(
  reply: IncomingMessage,
  response: ServerResponse,
  context: RelayContext,
  options: RelayOptions,
): Promise<RelayOutcome> {
  const code = 'upstream_invalid';
  const status = reply.statusCode ?? 0;
  options.report({ kind: 'failed', code, status, detail: 'no kind of reply is known yet' }, context);
  reply.destroy();
  const ended = Promise.withResolvers<RelayOutcome>();
  response.once('close', () => {
    ended.resolve({ end: 'failed', code, answers: new Map() });
  });
  response.writeHead(codes[code].http).end();
  return ended.promise;
}
