// POST /v1/discover: what a list may show to a subject. What is left out is not callable, whatever the arguments.
import { Refusal } from '@cardea/schemas/codes';
import type { JsonValue } from '@cardea/schemas/json';
import { discoverSchema, readWire, type WireDiscover, type WireDiscoverAnswer } from '@cardea/schemas/wire';
import { callerClasses, type Caller } from '../callers/caller.ts';
import { answerJson, type Endpoint } from '../http/call.ts';
import { costOfElement } from '../http/cost.ts';
import type { Discovery } from '../mapping/mapping.ts';
import type { Serving } from '../serving/serving.ts';
import type { Services } from './services.ts';

type Named = WireDiscoverAnswer['visible'][number];

export function discoverEndpoint({ state, limits, newPace, callerRates }: Services): Endpoint {
  return {
    method: 'POST',
    path: '/v1/discover',
    kind: 'guarded',
    callers: callerClasses,
    long: true,
    handle: async ({ body, caller }) => {
      const query = readWire(discoverSchema, body);
      const { serving } = state;
      state.requireFresh();
      const { discovery } = serving.mapping;
      if (discovery === undefined)
        throw new Refusal('not_found', 'this bundle has no catalogs to discover in');
      const candidates = listCandidates(query, discovery, limits.discoverItemsMax);
      const cost = costOfElement([query.subject, query.context] as (JsonValue | undefined)[]);
      callerRates.spend(caller.name, candidates.length * cost - 1);
      const pace = newPace();
      const visible: Named[] = [];
      for (const resource of candidates) {
        const judge = (): boolean => isVisible({ query, resource, discovery }, serving, caller);
        if (await pace.work(judge)) visible.push(resource);
      }
      return answerJson({ bundle: serving.bundle, visible } satisfies WireDiscoverAnswer);
    },
  };
}

function listCandidates(
  { resources, server }: WireDiscover,
  discovery: Discovery,
  itemsMax: number,
): readonly Named[] {
  if ((resources === undefined) === (server === undefined)) {
    throw new Refusal('invalid_request', 'state either resources or server');
  }
  if (resources !== undefined && resources.length > itemsMax) {
    throw new Refusal('too_large', `a discovery may name ${itemsMax} resources`);
  }
  return resources ?? discovery.listServer(server as string);
}

interface Candidate {
  readonly query: WireDiscover;
  readonly resource: Named;
  readonly discovery: Discovery;
}

function isVisible({ query, resource, discovery }: Candidate, serving: Serving, caller: Caller): boolean {
  const action = discovery.actionFor(resource);
  if (action === undefined) return false;
  return serving.mapping.isShown(serving.judge, { ...query, action, resource }, caller);
}
