// What clients may send: every method of the revisions that the proxy knows, and in which of them it exists. What is
// not in a table is refused, whatever the server would make of it.
import type { Era } from '../admit/era.ts';

type About = 'server' | 'tool' | 'prompt' | 'resource' | 'completion' | 'subscriptions' | 'task';

interface Method {
  readonly eras: readonly Era[];
  readonly about: About;
}

const both: readonly Era[] = ['legacy', 'stateless'];
const legacy: readonly Era[] = ['legacy'];
const stateless: readonly Era[] = ['stateless'];

const requests: Readonly<Record<string, Method>> = {
  'completion/complete': { eras: both, about: 'completion' },
  initialize: { eras: legacy, about: 'server' },
  'logging/setLevel': { eras: legacy, about: 'server' },
  ping: { eras: legacy, about: 'server' },
  'prompts/get': { eras: both, about: 'prompt' },
  'prompts/list': { eras: both, about: 'server' },
  'resources/list': { eras: both, about: 'server' },
  'resources/read': { eras: both, about: 'resource' },
  'resources/subscribe': { eras: legacy, about: 'resource' },
  'resources/templates/list': { eras: both, about: 'server' },
  'resources/unsubscribe': { eras: legacy, about: 'resource' },
  'server/discover': { eras: stateless, about: 'server' },
  'subscriptions/listen': { eras: stateless, about: 'subscriptions' },
  'tasks/cancel': { eras: both, about: 'task' },
  'tasks/get': { eras: both, about: 'task' },
  'tasks/list': { eras: legacy, about: 'server' },
  'tasks/result': { eras: legacy, about: 'task' },
  'tasks/update': { eras: stateless, about: 'task' },
  'tools/call': { eras: both, about: 'tool' },
  'tools/list': { eras: both, about: 'server' },
};

const notifications: Readonly<Record<string, readonly Era[]>> = {
  'notifications/cancelled': both,
  'notifications/initialized': legacy,
  'notifications/progress': both,
  'notifications/roots/list_changed': legacy,
};

/** Undefined where the revision has no such request of a client. */
export function findMethod(method: string, era: Era): About | undefined {
  if (!Object.hasOwn(requests, method)) return undefined;
  const found = requests[method] as Method;
  return found.eras.includes(era) ? found.about : undefined;
}

export function isNotification(method: string, era: Era): boolean {
  return Object.hasOwn(notifications, method) && (notifications[method] as readonly Era[]).includes(era);
}
