// What the client of a stream listens for: in a session the changes that its server tells of, in the stateless era what
// it asked for itself.
import { isJsonObject } from '@cardea/schemas/json';
import { memberOf } from '../../admit/message.ts';
import type { ChangingList } from '../lists/listKind.ts';
import type { Listening } from '../openStreams.ts';
import type { RelayContext, RelayedRequest } from '../relayContext.ts';

const listenMethod = 'subscriptions/listen';

/** Undefined for the answer to a call. */
export function listeningOf({ httpMethod, session, asked }: RelayContext): Listening | undefined {
  if (httpMethod === 'GET') return { changing: session?.changing ?? new Set(), subscription: undefined };
  for (const request of asked.values()) if (request.method === listenMethod) return readSubscription(request);
  return undefined;
}

const filterKeys: readonly (readonly [string, ChangingList])[] = [
  ['toolsListChanged', 'tools'],
  ['promptsListChanged', 'prompts'],
  ['resourcesListChanged', 'resources'],
];

function readSubscription({ id, params }: RelayedRequest): Listening {
  const filter = memberOf(params, 'notifications');
  const wanted = filterKeys.filter(([key]) => isJsonObject(filter) && memberOf(filter, key) === true);
  return { changing: new Set(wanted.map(([, list]) => list)), subscription: id };
}
