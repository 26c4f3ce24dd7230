// The proxy as a listener of node:http: which server, whose token, which step. Composed of the parts that the other
// folders define; the one place where what was thrown becomes an answer.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DialPolicy } from '@cardea/dial';
import { codes, Refusal } from '@cardea/schemas/codes';
import { admitRequest, type AdmitOptions } from '../admit/admitRequest.ts';
import { openUpstreams } from '../act/openUpstreams.ts';
import type { Upstream } from '../act/upstream.ts';
import type { Authority } from '../authority/authority.ts';
import type { DecisionEndpoint } from '../config/decisionEndpoint.ts';
import type { ServerConfig } from '../config/serverConfig.ts';
import { DecisionClient } from '../decide/decisionClient.ts';
import { Decider, type UsageCounting } from '../decide/decider.ts';
import type { SharedVerdicts } from '../decide/shared/sharedVerdicts.ts';
import { VerdictCache } from '../decide/verdictCache.ts';
import { findBearer, requireIdentity } from '../identify/bearer.ts';
import type { Identities } from '../identify/identity.ts';
import type { ProtectedResources } from '../identify/protectedResources.ts';
import type { ProxyLimits } from '../limits.ts';
import { VisibleSets } from '../resolve/visibleSets.ts';
import { CredentialUses } from '../sessions/credentialUses.ts';
import { RequestStates } from '../sessions/requestStates.ts';
import { SealedEvents } from '../sessions/sealedEvents.ts';
import { SealedIds } from '../sessions/sealedId.ts';
import type { Sealing } from '../sessions/sealing.ts';
import { SessionTable } from '../sessions/sessionTable.ts';
import { TaskTable, taskLimitsDefault } from '../tasks/taskTable.ts';
import type { Report } from '../telemetry/proxyEvent.ts';
import { makeError, sendErrors, toStop } from './answers.ts';
import { Catalogs } from './catalog.ts';
import { composeRelay } from './composeRelay.ts';
import { dropBody } from './dropBody.ts';
import { Departure, type Exchange, type Parts } from './exchange.ts';
import { Gate, type Place } from './gate.ts';
import { Judge } from './judge.ts';
import { ClientLeft } from './readBody.ts';
import { closeForbidden, closeOver, isListening, mayStay } from './listeners.ts';
import { servePost } from './servePost.ts';
import { serveDelete, serveGet } from './serveStream.ts';

export interface HandlerOptions extends AdmitOptions {
  readonly authority: Authority;
  readonly identities: Identities;
  /** Where clients get tokens; undefined where grants are all there is. */
  readonly resources?: ProtectedResources | undefined;
  readonly servers: ReadonlyMap<string, ServerConfig>;
  readonly decision: DecisionEndpoint;
  readonly dial: DialPolicy;
  readonly limits: ProxyLimits;
  /** What other proxies were told. */
  readonly shared?: SharedVerdicts;
  readonly usage?: UsageCounting;
  /** Wall clock, in milliseconds. */
  readonly now: () => number;
  /** Cannot be set back; in milliseconds. */
  readonly monotonic: () => number;
  readonly report: Report;
  readonly sealing: Sealing;
}

export interface Handler {
  /** Of paths that are `/<server>/mcp`; others are not found. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  readonly inflight: () => number;
  /** Ends what would not end by itself; calls in flight come to their end. */
  readonly drain: () => void;
  /** Resolves when nothing is left of what it has started. */
  readonly close: () => Promise<void>;
}

/** Between two looks for streams whose sessions are over. */
const lookMs = 1_000;

export function createHandler(options: HandlerOptions): Handler {
  const opened = openUpstreams(options.servers, options.dial, options.report);
  const upstreams = opened.byPath;
  const client = new DecisionClient({
    endpoint: options.decision,
    dial: options.dial,
    timeoutMs: options.limits.decisionTimeoutMs,
    now: options.monotonic,
  });
  const { parts, close } = composeParts(options, client, upstreams);
  const gate = new Gate(options.limits.requestsMax);
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let place: Place | undefined;
    let isKnown = false;
    try {
      place = gate.enter();
      if (options.resources?.answer(request, response) === true) return;
      const arrival = begin(request, response, options, upstreams);
      const found = findBearer(request.headers, arrival.server, options.identities);
      const identity = requireIdentity(found instanceof Promise ? await found : found);
      isKnown = true;
      place.claim(identity, arrival.server);
      await route({ ...arrival, identity, place }, parts);
    } catch (fault) {
      // Strangers are answered, and keep no connection.
      if (!isKnown) response.shouldKeepAlive = false;
      answerFault(fault, request, response, options);
    } finally {
      place?.leave();
    }
  };
  return {
    handle: (request, response) => {
      void serve(request, response);
    },
    inflight: () => gate.inflight,
    drain: () => {
      parts.streams.closeWhere(isListening);
    },
    close: async () => {
      close();
      client.close();
      await opened.close();
    },
  };
}

function begin(
  request: IncomingMessage,
  response: ServerResponse,
  options: HandlerOptions,
  upstreams: ReadonlyMap<string, Upstream>,
): Omit<Exchange, 'identity' | 'place'> {
  const upstream = upstreams.get(request.url ?? '');
  if (upstream === undefined) throw new Refusal('not_found', 'there is nothing at this address');
  admitRequest(request, options);
  const departure = new Departure(response);
  const challenge: Exchange['challenge'] = (refused) => options.resources?.challenge(request, refused);
  return { server: upstream.config.id, upstream, request, response, departure, challenge };
}

async function route(exchange: Exchange, parts: Parts): Promise<void> {
  switch (exchange.request.method) {
    case 'POST':
      return servePost(exchange, parts);
    case 'GET':
      return serveGet(exchange, parts);
    case 'DELETE':
      return serveDelete(exchange, parts);
    default:
      throw new Refusal('method_not_allowed', 'the proxy takes POST, GET and DELETE');
  }
}

function composeParts(
  options: HandlerOptions,
  client: DecisionClient,
  upstreams: ReadonlyMap<string, Upstream>,
): { readonly parts: Parts; readonly close: () => void } {
  const { authority, identities, limits, shared, usage, now, monotonic, report } = options;
  const visibleSets = new VisibleSets(client);
  const decider = new Decider({
    endpoint: client,
    cache: new VerdictCache(limits.cachedVerdictsMax, monotonic),
    ...(shared === undefined ? {} : { shared }),
    ...(usage === undefined ? {} : { usage }),
    isFresh: () => authority.freshness() === 'fresh',
    now,
    onDecided: (source, verdict) => {
      const code = verdict.kind === 'allow' ? 'allowed' : verdict.code;
      report({ kind: 'decision', verdict: verdict.kind, code, source });
    },
  });
  const tasks = new TaskTable(taskLimitsDefault, now);
  const catalogs = new Catalogs(authority);
  const judge = new Judge({ catalogs, visibleSets, decider, tasks, identities, now });
  const { limits: sessionLimits, ...sealed } = options.sealing;
  const sessions = new SessionTable({ limits: sessionLimits, ids: new SealedIds(sealed), now });
  const states = new RequestStates(options.sealing, now);
  const events = sealed.isShared ? new SealedEvents(sealed) : undefined;
  const uses = new CredentialUses(sessionLimits.pauseMs, now);
  const { relay, streams } = composeRelay({
    judge,
    sessions,
    states,
    events,
    tasks,
    mayStay: (context) => mayStay(context, identities),
    report,
    limits,
    upstreamOf: (id) => upstreams.get(`/${id}/mcp`),
  });
  const looking = setInterval(() => {
    closeOver(streams, sessions);
  }, lookMs).unref();
  const ends = [
    () => {
      clearInterval(looking);
    },
    authority.onChange(() => {
      decider.forget();
      visibleSets.forget();
      streams.announce(new Set(['tools', 'prompts', 'resources']));
      void closeForbidden(streams, judge);
    }),
    identities.onChange(() => {
      streams.closeWhere((context) => !mayStay(context, identities));
    }),
  ];
  return {
    parts: { judge, identities, sessions, uses, states, events, streams, relay, limits, now, report },
    close: () => {
      for (const end of ends) end();
    },
  };
}

/** One answer for everything that was thrown; a fault of ours says nothing of itself. */
function answerFault(
  fault: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  { report, resources }: HandlerOptions,
): void {
  if (fault instanceof ClientLeft) return;
  const refusal =
    fault instanceof Refusal ? fault : new Refusal('internal_fault', codes.internal_fault.meaning);
  report({ kind: 'refused', code: refusal.code });
  if (refusal !== fault) report({ kind: 'fault', requestId: '', message: describeFault(fault) });
  const challenge = resources?.challenge(request, refusal);
  sendErrors(response, makeError(null, toStop(refusal)), codes[refusal.code].http, challenge);
  dropBody(request);
}

/** Without its properties: those could hold what must not be logged. */
function describeFault(fault: unknown): string {
  return fault instanceof Error ? `${fault.name}: ${fault.message}` : typeof fault;
}
