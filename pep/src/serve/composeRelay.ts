// What the relay asks of the other steps while it relays: who may see what, whether the server may ask that, and where
// sessions are kept.
import { Refusal } from '@cardea/schemas/codes';
import { writeJson } from '@cardea/schemas/json';
import { makeUpstreamHeaders, sessionHeader } from '../act/upstreamHeaders.ts';
import type { Upstream } from '../act/upstream.ts';
import type { ProxyLimits } from '../limits.ts';
import { HeldBytes } from '../relay/heldBytes.ts';
import { OpenStreams } from '../relay/openStreams.ts';
import type { RelayContext, RelayOptions } from '../relay/relayContext.ts';
import { defaultRelayLimits } from '../relay/relayLimits.ts';
import type { SessionTable } from '../sessions/sessionTable.ts';
import type { TaskTable } from '../tasks/taskTable.ts';
import type { Report } from '../telemetry/proxyEvent.ts';
import type { ServedContext } from './exchange.ts';
import type { Judge } from './judge.ts';

export interface RelayParts {
  readonly judge: Judge;
  readonly sessions: SessionTable;
  readonly tasks: TaskTable;
  readonly mayStay: RelayOptions['mayStay'];
  readonly report: Report;
  readonly limits: ProxyLimits;
  readonly upstreamOf: (server: string) => Upstream | undefined;
}

export function composeRelay({ judge, sessions, tasks, mayStay, report, limits, upstreamOf }: RelayParts): {
  readonly relay: RelayOptions;
  readonly streams: OpenStreams;
} {
  const streams = new OpenStreams(limits);
  const relay: RelayOptions = {
    visible: (identity, server) => judge.visible(identity, server),
    mayStay,
    // INVARIANT: every context comes from `servePost` or `serveStream`, which say who asked.
    judge: (method, _params, context) => judge.judgeServer(method, context as ServedContext),
    openSession: (context, { id, protocol, changing }) => {
      if (id === undefined) return undefined;
      const { server, identity } = context;
      const session = sessions.open({ upstreamId: id, server, identity, protocol, changing });
      if (session !== undefined) return session;
      throw new Refusal(
        'upstream_invalid',
        'the server opened a session under an id that is in use, or is none',
      );
    },
    answerServer: (context, answer) => {
      const upstream = upstreamOf(context.server);
      if (upstream !== undefined) void sendAnswer(upstream, context, writeJson(answer));
    },
    tasks,
    streams,
    limits: defaultRelayLimits,
    held: new HeldBytes(limits.heldBytesMax),
    report: (event, { server }) => {
      if (event.kind === 'filtered') {
        const what = (
          {
            tools: 'tool',
            prompts: 'prompt',
            resources: 'resource',
            templates: 'template',
            tasks: 'task',
          } as const
        )[event.list];
        report({ kind: 'withheld', server, what, count: event.count });
      } else if (event.kind === 'withheld') report({ kind: 'withheld', server, what: 'frame', count: 1 });
      else if (event.kind === 'cleaned') report({ kind: 'withheld', server, what: 'text', count: 1 });
    },
  };
  return { relay, streams };
}

/** In the session in which the server asked. Its answer to that is of no interest, nor is a failure: it waits in vain. */
async function sendAnswer(
  upstream: Upstream,
  { session, era, identity }: RelayContext,
  answer: string,
): Promise<void> {
  const headers = makeUpstreamHeaders(
    {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      ...(session === undefined ? {} : { 'mcp-protocol-version': session.protocol }),
    },
    upstream.host,
    upstream.config.credential(),
  );
  if (session !== undefined) headers[sessionHeader] = session.upstreamId;
  try {
    const never = { onAbort: () => undefined };
    const reply = await upstream.send({
      ...{ method: 'POST', headers, body: Buffer.from(answer), messages: [], signal: never },
      ...{ era, caller: identity.grant.id },
    });
    reply.resume();
  } catch {
    // The server gets no answer, as from a client that has left.
  }
}
