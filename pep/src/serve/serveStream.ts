// GET and DELETE of the legacy era: the stream on which a server speaks unasked, and the end of a session.
import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from '@cardea/schemas/codes';
import { reconcileNone } from '../admit/headers.ts';
import { makeUpstreamHeaders, sessionHeader } from '../act/upstreamHeaders.ts';
import { relayReply } from '../relay/relay.ts';
import type { Session } from '../sessions/session.ts';
import { makeError, sendErrors, statusWithoutCall } from './answers.ts';
import { describeAsker, useOf, type Exchange, type Parts, type ServedContext } from './exchange.ts';
import type { Asker } from './judge.ts';
import { closeOver } from './listeners.ts';

const noRequests = new Map<string, never>();

/** Throws Refusal. */
export async function serveGet(exchange: Exchange, parts: Parts): Promise<void> {
  const session = findSession(exchange, parts);
  requireOwnEvent(exchange, session);
  const asker = describeAsker(exchange, legacy, useOf(session, exchange, parts));
  const verdict = await parts.judge.judgeListening(asker);
  if (verdict.kind === 'allow') await pass(exchange, parts, 'GET', asker);
  else sendErrors(exchange.response, makeError(null, verdict), statusWithoutCall(verdict.code));
}

/** Throws Refusal. */
export async function serveDelete(exchange: Exchange, parts: Parts): Promise<void> {
  const session = findSession(exchange, parts);
  if (session === undefined) throw new Refusal('invalid_request', 'the header mcp-session-id is missing');
  requireServed(exchange, parts);
  await pass(exchange, parts, 'DELETE', describeAsker(exchange, legacy, { session, use: session }));
  const { statusCode } = exchange.response;
  // A server that lets no client end its sessions says so, and keeps them.
  if (!((statusCode >= 200 && statusCode < 300) || statusCode === 404)) return;
  parts.sessions.end(session);
  closeOver(parts.streams, parts.sessions);
}

const legacy = { era: 'legacy', version: undefined } as const;

function requireServed({ server }: Exchange, { judge }: Parts): void {
  try {
    judge.requireServed(server);
  } catch (cause) {
    throw new Refusal('not_ready', 'it is not known what is current', { cause });
  }
}

/** Who replays what came after an event replays what came to whoever had that event. */
function requireOwnEvent({ request }: Exchange, session: Session | undefined): void {
  const id = request.headers['last-event-id'];
  if (typeof id !== 'string') return;
  if (session === undefined) throw new Refusal('invalid_request', 'last-event-id belongs to a session');
  if (!session.events.has(id)) throw new Refusal('unknown_session', 'this session has had no such event');
}

function findSession({ request, server, identity }: Exchange, { sessions }: Parts): Session | undefined {
  reconcileNone(request.headers);
  const id = request.headers['mcp-session-id'];
  return typeof id === 'string' ? sessions.find(server, id, identity) : undefined;
}

async function pass(
  { request, response, upstream, departure, identity, place }: Exchange,
  { relay, identities, now }: Parts,
  method: 'GET' | 'DELETE',
  asker: Asker,
): Promise<void> {
  if (!identities.isCurrent(identity)) {
    throw new Refusal('unauthenticated', 'no known credential came with the request');
  }
  const headers = makeUpstreamHeaders(
    withoutBody(request.headers, method),
    upstream.host,
    upstream.config.credential(),
  );
  if (asker.session !== undefined) {
    headers[sessionHeader] = asker.session.upstreamId;
    asker.session.usedMs = now();
  }
  const reply = await upstream.send({
    ...{ method, headers, body: undefined, messages: [], signal: departure },
    ...{ era: 'legacy', caller: identity.grant.id },
  });
  const context: ServedContext = {
    ...asker,
    asked: noRequests,
    httpMethod: method,
    onListening: place.leave,
  };
  await relayReply(reply, response, context, relay);
}

/** What stands in a body, and what repeats it, nobody has judged. */
function withoutBody(headers: IncomingHttpHeaders, method: 'GET' | 'DELETE'): IncomingHttpHeaders {
  const kept = Object.entries(headers).filter(
    ([name]) =>
      name !== 'content-type' &&
      !name.startsWith('mcp-param-') &&
      (method === 'GET' || name !== 'last-event-id'),
  );
  return Object.fromEntries(kept);
}
