// GET and DELETE of the legacy era: the stream on which a server speaks unasked, and the end of a session.
import { Refusal } from '@cardea/schemas/codes';
import { statelessVersions } from '../admit/era.ts';
import { makeUpstreamHeaders } from '../act/upstreamHeaders.ts';
import { relayReply } from '../relay/relay.ts';
import type { Session } from '../sessions/session.ts';
import type { Exchange, Parts } from './exchange.ts';

const noRequests = new Map<string, never>();

/** Throws Refusal. */
export async function serveGet(exchange: Exchange, parts: Parts): Promise<void> {
  const session = findSession(exchange, parts);
  await pass(exchange, parts, 'GET', session);
}

/** Throws Refusal. */
export async function serveDelete(exchange: Exchange, parts: Parts): Promise<void> {
  const session = findSession(exchange, parts);
  if (session === undefined) throw new Refusal('invalid_request', 'the header mcp-session-id is missing');
  await pass(exchange, parts, 'DELETE', session);
  const { statusCode } = exchange.response;
  // A server that lets no client end its sessions says so, and keeps them.
  if ((statusCode >= 200 && statusCode < 300) || statusCode === 404) parts.sessions.end(session);
}

function findSession({ request, server, identity }: Exchange, { sessions }: Parts): Session | undefined {
  const { 'mcp-protocol-version': version, 'mcp-session-id': id } = request.headers;
  if (typeof version === 'string' && statelessVersions.has(version)) {
    throw new Refusal('method_not_allowed', 'this revision of MCP has POST alone');
  }
  return typeof id === 'string' ? sessions.find(server, id, identity) : undefined;
}

async function pass(
  { request, response, upstream, departure, identity, server }: Exchange,
  { relay, identities, now }: Parts,
  method: 'GET' | 'DELETE',
  session: Session | undefined,
): Promise<void> {
  if (!identities.isCurrent(identity)) {
    throw new Refusal('unauthenticated', 'no known credential came with the request');
  }
  const headers = makeUpstreamHeaders(request.headers, upstream.host, upstream.config.credential());
  // What a GET carries as its body nobody has judged.
  delete headers['content-type'];
  const reply = await upstream.send({ method, headers, body: undefined, signal: departure });
  const context = {
    server,
    identity,
    era: 'legacy' as const,
    session,
    asked: noRequests,
    httpMethod: method,
  };
  await relayReply(reply, response, context, relay);
  if (session !== undefined) session.usedMs = now();
}
