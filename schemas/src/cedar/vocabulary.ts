// The words that policies share with requests: context families, effects, and the methods of MCP that are actions.

/**
 * What a context holds besides `input`. All are required in the schema, so that no missing fact can skip a forbid.
 */
export const contextFamilies = [
  'agent',
  'grant',
  'session',
  'request',
  'usage',
  'findings',
  'approvals',
] as const;

export type ContextFamily = (typeof contextFamilies)[number];

/** What a reviewer says that a tool does; each is an action group. */
export const effects = ['read', 'write', 'destructive'] as const;

export type Effect = (typeof effects)[number];

/** The group of all tools' actions, named as the method is. */
export const toolCallAction = 'tools/call';

/**
 * Every request of the MCP revisions 2024-11-05 to 2026-07-28 and of the tasks extension, in both directions, with
 * the type of its resource. `tools/call` is not among them: it is the group of the tools' own actions.
 */
export const methodActions = {
  'completion/complete': 'Server',
  'elicitation/create': 'Server',
  initialize: 'Server',
  'logging/setLevel': 'Server',
  ping: 'Server',
  'prompts/get': 'Prompt',
  'prompts/list': 'Server',
  'resources/list': 'Server',
  'resources/read': 'Resource',
  'resources/subscribe': 'Resource',
  'resources/templates/list': 'Server',
  'resources/unsubscribe': 'Resource',
  'roots/list': 'Server',
  'sampling/createMessage': 'Server',
  'server/discover': 'Server',
  'subscriptions/listen': 'Server',
  'tasks/cancel': 'Server',
  'tasks/get': 'Server',
  'tasks/list': 'Server',
  'tasks/result': 'Server',
  'tasks/update': 'Server',
  'tools/list': 'Server',
} as const satisfies Record<string, 'Server' | 'Prompt' | 'Resource'>;

export type MethodAction = keyof typeof methodActions;

/**
 * Effects and the first segments of MCP methods. A server of such a name would make its action group, or an action
 * of its tools, coincide with one of those.
 */
export const reservedServerIds: ReadonlySet<string> = new Set([
  ...effects,
  'notifications',
  ...[...Object.keys(methodActions), toolCallAction].map((method) => method.replace(/\/.*/, '')),
]);

export function isServerId(text: string): boolean {
  return /^[a-z][a-z0-9-]{0,62}$/.test(text) && !reservedServerIds.has(text);
}
