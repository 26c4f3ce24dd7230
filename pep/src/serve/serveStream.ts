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
  const event = findEvent(exchange, parts, session);
  const asker = describeAsker(exchange, legacy, useOf(session, exchange, parts));
  const verdict = await parts.judge.judgeListening(asker);
  if (verdict.kind === 'allow') await pass(exchange, parts, 'GET', { asker, event });
  else sendErrors(exchange.response, makeError(null, verdict), statusWithoutCall(verdict.code));
}

/** Throws Refusal. */
export async function serveDelete(exchange: Exchange, parts: Parts): Promise<void> {
  const session = findSession(exchange, parts);
  if (session === undefined) throw new Refusal('invalid_request', 'the header mcp-session-id is missing');
  requireServed(exchange, parts);
  const asker = describeAsker(exchange, legacy, { session, use: session });
  await pass(exchange, parts, 'DELETE', { asker, event: undefined });
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

/** As its server calls it. Who replays what came after an event replays what came to whoever had that event. */
function findEvent(
  { request }: Exchange,
  { events }: Parts,
  session: Session | undefined,
): string | undefined {
  const id = request.headers['last-event-id'];
  if (typeof id !== 'string') return undefined;
  if (session === undefined) throw new Refusal('invalid_request', 'last-event-id belongs to a session');
  const event = events === undefined ? idOfOwn(id, session) : events.open(id, session);
  if (event !== undefined) return event;
  throw new Refusal('unknown_session', 'this session has had no such event');
}

function idOfOwn(id: string, { events }: Session): string | undefined {
  return events.has(id) ? id : undefined;
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
  { asker, event }: { readonly asker: Asker; readonly event: string | undefined },
): Promise<void> {
  if (!identities.isCurrent(identity)) {
    throw new Refusal('unauthenticated', 'no known credential came with the request');
  }
  const headers = makeUpstreamHeaders(
    withoutBody(request.headers),
    upstream.host,
    upstream.config.credential(),
  );
  if (event !== undefined) headers['last-event-id'] = event;
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
function withoutBody(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const kept = Object.entries(headers).filter(
    ([name]) =>
      name !== 'content-type' &&
      !name.startsWith('mcp-param-') &&
      // By the name that the client has for it.
      name !== 'last-event-id',
  );
  return Object.fromEntries(kept);
}
