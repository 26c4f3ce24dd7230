import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { sampleIdentity } from '../../test/sampleIdentity.ts';
import { resolveProxyLimits } from '../limits.ts';
import { OpenStreams } from '../relay/openStreams.ts';
import { asking, makeContext } from '../relay/scene/makeContext.ts';
import { makeSealing } from '../sessions/sealing.ts';
import { SealedIds } from '../sessions/sealedId.ts';
import type { Session } from '../sessions/session.ts';
import { SessionTable } from '../sessions/sessionTable.ts';
import { closeOver } from './listeners.ts';

const sealing = makeSealing({ organisation: '', keys: [], limits: undefined });
const { maxAgeMs, idleMs } = { ...sealing.limits, idleMs: 60_000 };

let nowMs: number;
let sessions: SessionTable;
let session: Session;
let streams: OpenStreams;
let closed: string[];

beforeEach(() => {
  nowMs = 1_000_000;
  closed = [];
  streams = new OpenStreams(resolveProxyLimits());
  const limits = { ...sealing.limits, idleMs };
  sessions = new SessionTable({ limits, ids: new SealedIds(sealing), now: () => nowMs });
  const [server, identity] = ['desk', sampleIdentity('ann')] as const;
  session = sessions.open({
    ...{ upstreamId: 's-1', server, identity },
    ...{ protocol: '2025-11-25', changing: new Set<'tools'>() },
  }) as Session;
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  const register = (name: string, context: ReturnType<typeof makeContext>): void => {
    const end = (): void => void closed.push(name);
    streams.register({ context, response, listening: undefined, end });
  };
  register('stream', makeContext({ httpMethod: 'GET', session, asked: new Map() }));
  register('call', makeContext({ session }));
  register('subscription', makeContext({ era: 'stateless', asked: asking(['subscriptions/listen', 1]) }));
});

function look(): string[] {
  closeOver(streams, sessions);
  return closed.splice(0);
}

describe('the streams of a session', () => {
  it('stay open while it lasts', () => {
    nowMs += idleMs;
    expect(look()).toEqual([]);
  });

  it('end with it, and calls under way come to their end', () => {
    sessions.end(session);
    expect(look()).toEqual(['stream']);
  });

  it('keep it from nothing: they end when nobody has called for too long', () => {
    nowMs += idleMs + 1;
    expect(look()).toEqual(['stream']);
  });

  it('stay open while a call runs, however long', () => {
    session.calls = 1;
    nowMs += idleMs + 1;
    expect(look()).toEqual([]);
  });

  it('end when it is too old, whatever runs', () => {
    session.calls = 1;
    nowMs += maxAgeMs + 1;
    expect(look()).toEqual(['stream']);
  });
});
