// Results that tell of tasks: one that a call has become is its caller's from then on, and lists hold nobody else's.
import { isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { qualifyName } from '@cardea/schemas/mcp';
import { memberOf } from '../../admit/message.ts';
import type { Target } from '../../resolve/target.ts';
import { report, type Exchange } from '../exchange.ts';
import type { RelayedRequest } from '../relayContext.ts';
import { declareKeys, holdsFolded } from './declaredKeys.ts';

/** Of a call's result: what it says of the task, in the one and the other form (MCP 2025-11-25 and its extension). */
export function keepTask(
  request: RelayedRequest | undefined,
  result: JsonObject,
  { context, options }: Exchange,
): void {
  if (request?.method !== 'tools/call') return;
  const own = memberOf(result, 'task');
  const task = isJsonObject(own) ? own : result;
  const [id, name] = [memberOf(task, 'taskId'), memberOf(request.params, 'name')];
  if (typeof id !== 'string' || typeof name !== 'string') return;
  const { server, identity } = context;
  const call = describeCall(name, request, server);
  options.tasks.keep({ server, id, identity, call, ttlMs: readTtl(task) });
}

function describeCall(name: string, { method, params }: RelayedRequest, server: string): Target {
  const input = memberOf(params, 'arguments');
  const id = qualifyName(server, name);
  return { method, type: 'Tool', id, input: isJsonObject(input) ? input : noArguments };
}

const noArguments: JsonObject = Object.freeze({});

function readTtl(task: JsonObject): number | undefined {
  const ttlMs = memberOf(task, 'ttlMs') ?? memberOf(task, 'ttl');
  return typeof ttlMs === 'number' ? ttlMs : undefined;
}

/** The same object where every entry stays. */
export function filterTasks(result: JsonObject, exchange: Exchange): JsonObject {
  const entries = memberOf(result, 'tasks');
  if (!Array.isArray(entries)) return result;
  const all = entries as readonly JsonValue[];
  const shown = all.filter((entry) => isOwnTask(entry, exchange));
  if (shown.length === all.length) return result;
  report(exchange, { kind: 'filtered', list: 'tasks', count: all.length - shown.length, names: [] });
  return { ...result, tasks: shown };
}

const taskKeys = declareKeys('taskId');

/** Also of what is no task at all. */
export function isOwnTask(task: JsonValue, { context, options }: Exchange): boolean {
  if (!isJsonObject(task) || holdsFolded(task, taskKeys)) return false;
  const id = memberOf(task, 'taskId');
  return typeof id === 'string' && options.tasks.find(context.server, id, context.identity) !== undefined;
}
