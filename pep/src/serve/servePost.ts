// A POST: messages of a client to a server. The life of a call on one screen: read, reconcile, judge, forward, relay.
import { codes, Refusal, type Code } from '@cardea/schemas/codes';
import { requireJsonBody } from '../admit/admitRequest.ts';
import { batchVersion, type Era } from '../admit/era.ts';
import { reconcile, reconcileBatch, type Claims } from '../admit/headers.ts';
import { idKey, type Message } from '../admit/message.ts';
import { readMessages, type Body } from '../admit/readMessages.ts';
import { makeUpstreamHeaders, sessionHeader } from '../act/upstreamHeaders.ts';
import type { Verdict } from '../decide/verdict.ts';
import { relayReply } from '../relay/relay.ts';
import type { RelayedRequest } from '../relay/relayContext.ts';
import type { RelayOutcome } from '../relay/relayOutcome.ts';
import { beginUse, type Session } from '../sessions/session.ts';
import {
  makeError,
  refusedOf,
  sendErrors,
  statusOf,
  statusWithoutCall,
  toStop,
  type RpcError,
  type Stop,
} from './answers.ts';
import { describeAsker, useOf, type Exchange, type Parts, type ServedContext } from './exchange.ts';
import { isHeard } from './heardNotification.ts';
import type { Asker } from './judge.ts';
import { readBody } from './readBody.ts';
import { restoreState } from './restoreState.ts';
import { reportOperations } from './reportOperations.ts';

/** An array is judged message by message: a longer one would be many calls for the price of one. */
const batchMessagesMax = 32;

/** Throws Refusal for what is no message; what is one gets its verdict as an answer. */
export async function servePost(exchange: Exchange, parts: Parts): Promise<void> {
  const { request, response } = exchange;
  const startMs = parts.now();
  requireJsonBody(request);
  const bytes = await readBody(request, parts.limits.bodyBytesMax);
  const body = readMessages(bytes, { ...parts.limits, batchMessagesMax });
  const [first] = body.messages as [Message];
  let endUse = (): void => undefined;
  try {
    const claims = body.isBatch
      ? reconcileBatch(body.messages, request.headers)
      : reconcile(first, request.headers);
    const session = findSession(exchange, parts, claims, first);
    if (body.isBatch) requireBatchable(claims, session);
    const asker = describeAsker(exchange, claims, useOf(session, exchange, parts));
    endUse = beginUse(asker.use, parts.now);
    const restored = restoreState({ bytes, body, asker }, parts.states);
    const verdicts = await judgeAll(body, asker, parts);
    const stops = verdicts.filter((verdict): verdict is Stop => verdict.kind !== 'allow');
    let outcome: RelayOutcome | undefined;
    if (stops.length > 0) answerStops(exchange, body, verdicts, claims.era);
    else if (!isAnyHeard(body, asker)) response.writeHead(202, { 'content-length': 0 }).end();
    else outcome = await forward(exchange, parts, { bytes: restored, body, asker });
    const endMs = parts.now();
    const { statusCode: httpStatus } = response;
    const { messages } = body;
    reportOperations(parts.report, { messages, verdicts, asker, outcome, startMs, endMs, httpStatus });
  } catch (fault) {
    parts.report({ kind: 'refused', code: answerRefusal(fault, exchange, body) });
  } finally {
    endUse();
  }
}

/** The id is known: its owner is told. Throws what is no refusal, or comes too late for one. */
function answerRefusal(fault: unknown, { response, challenge }: Exchange, { messages, isBatch }: Body): Code {
  if (!(fault instanceof Refusal) || response.headersSent) throw fault;
  const [first] = messages;
  const id = first?.kind === 'request' && !isBatch ? first.id : null;
  sendErrors(response, makeError(id, toStop(fault)), codes[fault.code].http, challenge(fault));
  return fault.code;
}

interface Judged {
  readonly bytes: Buffer;
  readonly body: Body;
  readonly asker: Asker;
}

/** A message of the stateless era has no session, whatever its headers say. */
function findSession(
  { request, server, identity }: Exchange,
  { sessions }: Parts,
  { era }: Claims,
  first: Message,
): Session | undefined {
  const id = request.headers['mcp-session-id'];
  if (typeof id !== 'string' || era === 'stateless') return undefined;
  if (first.kind === 'request' && first.method === 'initialize') {
    throw new Refusal('invalid_request', 'initialize opens a session and cannot come in one');
  }
  return sessions.find(server, id, identity);
}

/** Where nothing was said of a revision, it is the one that has arrays (MCP 2025-06-18, Protocol Version Header). */
function requireBatchable({ version }: Claims, session: Session | undefined): void {
  const negotiated = session?.protocol ?? version ?? batchVersion;
  if (negotiated !== batchVersion) {
    throw new Refusal('batch_refused', 'the revision of this session has no arrays of messages');
  }
}

async function judgeAll({ messages }: Body, asker: Asker, { judge, sessions }: Parts): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const message of messages) {
    if (message.kind === 'request' && message.method === 'initialize') sessions.requireRoom(asker.identity);
    const verdict = judge.judge(message, asker);
    verdicts.push(verdict instanceof Promise ? await verdict : verdict);
  }
  return verdicts;
}

function statusOfStop(code: Code, { id }: RpcError, era: Era): number {
  return id === null && codes[code].http === 200 ? statusWithoutCall(code) : statusOf(code, era);
}

/** What of an array goes to the server goes with the whole of it. Throws Refusal `batch_refused`. */
function isAnyHeard({ messages, isBatch }: Body, asker: Asker): boolean {
  const unheard = messages.some((message) => message.kind === 'notification' && !isHeard(message, asker));
  if (unheard && isBatch) {
    throw new Refusal('batch_refused', 'a notification of the array is about nothing that is under way here');
  }
  return !unheard;
}

/** Nothing of an array is forwarded when one of its messages may not be: the bytes are judged as a whole. */
function answerStops(
  { response, challenge }: Exchange,
  { messages, isBatch }: Body,
  verdicts: readonly Verdict[],
  era: Era,
): void {
  const others: Stop = {
    kind: 'deny',
    code: 'batch_denied',
    message: 'another message of the array was denied',
  };
  const errors = messages.flatMap((message, at): RpcError[] => {
    const verdict = verdicts[at] as Verdict;
    const stop = verdict.kind === 'allow' ? others : verdict;
    if (message.kind === 'request') return [makeError(message.id, stop)];
    return verdict.kind === 'allow' ? [] : [makeError(null, stop)];
  });
  const [only] = errors as [RpcError];
  const stopped = verdicts.find((verdict): verdict is Stop => verdict.kind !== 'allow') as Stop;
  if (isBatch) sendErrors(response, errors, 200);
  else sendErrors(response, only, statusOfStop(stopped.code, only, era), challenge(refusedOf(stopped)));
}

/** A call that was allowed and cannot be made has failed: that is an outcome as any other. */
async function forward(exchange: Exchange, parts: Parts, judged: Judged): Promise<RelayOutcome> {
  try {
    return await passOn(exchange, parts, judged);
  } catch (fault) {
    return { end: 'failed', code: answerRefusal(fault, exchange, judged.body), answers: new Map() };
  }
}

async function passOn(
  exchange: Exchange,
  parts: Parts,
  { bytes, body, asker }: Judged,
): Promise<RelayOutcome> {
  const { request, response, upstream, departure, identity, place } = exchange;
  const { era, session } = asker;
  const { messages, isBatch } = body;
  // Between the verdict and the server lies time in which the grant may have been taken back.
  if (!parts.identities.isCurrent(identity)) {
    throw new Refusal('unauthenticated', 'no known credential came with the request');
  }
  const asked = listRequests(messages);
  if (session !== undefined) {
    takeQuestions(session, messages);
    expectAnswers(session, asked);
  }
  const headers = makeUpstreamHeaders(request.headers, upstream.host, upstream.config.credential());
  // Streams are taken up again by GET alone.
  delete headers['last-event-id'];
  if (session !== undefined) headers[sessionHeader] = session.upstreamId;
  const caller = identity.grant.id;
  const said = { body: bytes, messages, era, caller };
  const reply = await upstream
    .send({ method: 'POST', headers, ...said, signal: departure })
    .catch((fault: unknown) => {
      // The client is told that they failed, so nothing else answers them.
      for (const key of asked.keys()) session?.asked.delete(key);
      throw fault;
    });
  const context: ServedContext = { ...asker, asked, httpMethod: 'POST', isBatch, onListening: place.leave };
  const outcome = await relayReply(reply, response, context, parts.relay);
  // The server has it no more (MCP 2025-11-25, Session Management), and may give its name to somebody else.
  if (session !== undefined && reply.statusCode === 404) parts.sessions.end(session);
  return outcome;
}

/** Each question is answered once, whoever is judged at the same time. Throws Refusal `unexpected_response`. */
function takeQuestions({ questions }: Session, messages: readonly Message[]): void {
  for (const message of messages) {
    if (message.kind !== 'response' || questions.delete(idKey(message.id))) continue;
    throw new Refusal('unexpected_response', 'this was answered already');
  }
}

/**
 * An answer that does not come on the reply may come on another stream: the relay forgets what it has seen answered.
 * Servers find the stream for an answer by its id. Throws Refusal for an id that waits for the answer to something else:
 * a list would come back as what is no list.
 */
function expectAnswers({ asked }: Session, requests: ReadonlyMap<string, RelayedRequest>): void {
  for (const [key, { method }] of requests) {
    if ((asked.get(key) ?? method) === method) continue;
    throw new Refusal('invalid_request', 'a request with this id has not been answered yet');
  }
  for (const [key, { method }] of requests) asked.set(key, method);
  for (const oldest of asked.keys()) {
    if (asked.size <= outstandingMax) return;
    asked.delete(oldest);
  }
}

/** Of one session. A server that leaves more unanswered answers none of them. */
const outstandingMax = 1_024;

function listRequests(messages: readonly Message[]): ReadonlyMap<string, RelayedRequest> {
  const asked = new Map<string, RelayedRequest>();
  for (const message of messages) if (message.kind === 'request') asked.set(idKey(message.id), message);
  return asked;
}
