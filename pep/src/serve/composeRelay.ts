// What the relay asks of the other steps while it relays: who may see what, whether the server may ask that, and where
// sessions are kept.
import { Refusal } from '@cardea/schemas/codes';
import { writeJson } from '@cardea/schemas/json';
import type { Upstream } from '../act/upstream.ts';
import type { ProxyLimits } from '../limits.ts';
import { HeldBytes } from '../relay/heldBytes.ts';
import { OpenStreams } from '../relay/openStreams.ts';
import type { RelayOptions } from '../relay/relayContext.ts';
import { defaultRelayLimits } from '../relay/relayLimits.ts';
import type { RequestStates } from '../sessions/requestStates.ts';
import type { SealedEvents } from '../sessions/sealedEvents.ts';
import type { SessionTable } from '../sessions/sessionTable.ts';
import type { TaskTable } from '../tasks/taskTable.ts';
import type { Report } from '../telemetry/proxyEvent.ts';
import type { ServedContext } from './exchange.ts';
import type { Judge } from './judge.ts';
import { ServerAnswers } from './serverAnswers.ts';

export interface RelayParts {
  readonly judge: Judge;
  readonly sessions: SessionTable;
  readonly states: RequestStates;
  readonly events: SealedEvents | undefined;
  readonly tasks: TaskTable;
  readonly mayStay: RelayOptions['mayStay'];
  readonly report: Report;
  readonly limits: ProxyLimits;
  readonly upstreamOf: (server: string) => Upstream | undefined;
}

export function composeRelay(parts: RelayParts): {
  readonly relay: RelayOptions;
  readonly streams: OpenStreams;
} {
  const { judge, sessions, states, events, tasks, mayStay, report, limits, upstreamOf } = parts;
  const streams = new OpenStreams(limits);
  const answers = new ServerAnswers();
  const relay: RelayOptions = {
    visible: (identity, server) => judge.visible(identity, server),
    secretOf: (server) => upstreamOf(server)?.config.credential()?.value,
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
    nameEvent: events === undefined ? undefined : (id, session) => events.seal(id, session),
    sealState: (state, { method, params }, { server, identity }) =>
      states.seal(state, { server, identity, method, params }),
    answerServer: (context, answer, response) => {
      const upstream = upstreamOf(context.server);
      if (upstream !== undefined) void answers.send(upstream, context, writeJson(answer), response);
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
