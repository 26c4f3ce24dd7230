// Exchanges for the tests of the relay: who asked what, in which era.
import { idKey, type RequestId } from '../../admit/message.ts';
import type { Identity } from '../../identify/identity.ts';
import type { Visible } from '../../resolve/visibility.ts';
import { RelayedEvents } from '../../sessions/relayedEvents.ts';
import type { Session } from '../../sessions/session.ts';
import type { RelayContext, RelayedRequest } from '../relayContext.ts';

export const identity: Identity = {
  grant: { id: 'g-1', servers: ['desk'], tools: [], effects: [], issuedMs: 0, expiresMs: 1 },
  person: { id: 'ana', groups: [] },
  agent: { id: 'helper', groups: [] },
  words: { subject: {}, agent: {}, grant: {} },
  digest: 'sha256:ana',
};

export function makeContext(context: Partial<RelayContext> = {}): RelayContext {
  return {
    server: 'desk',
    identity,
    era: 'legacy',
    httpMethod: 'POST',
    session: undefined,
    asked: asking(['tools/call', 1]),
    ...context,
  };
}

/** Requests of one POST, each by its method and id. */
export function asking(
  ...requests: readonly (readonly [method: string, id: RequestId])[]
): ReadonlyMap<string, RelayedRequest> {
  return new Map(requests.map(([method, id]) => [idKey(id), { id, method, params: undefined }]));
}

export function makeSession(session: Partial<Session> = {}): Session {
  return {
    id: 'sealed-s-1',
    name: 'name-of-s-1',
    upstreamId: 's-1',
    isAdopted: false,
    calls: 0,
    server: 'desk',
    identity,
    protocol: '2025-11-25',
    changing: new Set(['tools']),
    createdMs: 0,
    usedMs: 0,
    asked: new Map(),
    questions: new Map(),
    events: new RelayedEvents(),
    ...session,
  };
}

export function makeVisible(visible: Partial<Record<keyof Visible, readonly string[]>> = {}): Visible {
  const { tools = [], prompts = [], resources = [], templates = [], hidden = [] } = visible;
  return {
    tools: new Set(tools),
    prompts: new Set(prompts),
    resources: new Set(resources),
    templates: new Set(templates),
    hidden: new Set(hidden),
  };
}
