// What a server tells its client. It carries no authority, so what is not known passes too, as long as it is a
// notification by its name; but nobody hears of what is hidden, nor is asked for anything by a side door.
import { idKey, memberOf, type RequestId, type RpcNotification } from '../../admit/message.ts';
import type { JsonObject } from '@cardea/schemas/json';
import { withholdFor, type Exchange } from '../exchange.ts';
import { isShownResource } from '../lists/shownResource.ts';
import { declareKeys, holdsFolded } from './declaredKeys.ts';
import { judgeInputRequests } from './judgeInputRequests.ts';
import { judgeTexts, type Told } from './judgeTexts.ts';
import { isOwnTask } from './taskResult.ts';
import { pass, type Treatment } from './treatment.ts';

export function judgeNotification(
  { method, params }: RpcNotification,
  exchange: Exchange,
): Treatment | Promise<Treatment> {
  if (!method.startsWith('notifications/')) return withholdFor('unknown_notification', exchange);
  if (params === undefined) return pass;
  if (holdsFolded(params, asking)) return withholdFor('invalid_frame', exchange);
  if (memberOf(params, 'taskId') !== undefined && !isOwnTask(params, exchange))
    return withholdFor('foreign_task', exchange);
  if (memberOf(params, 'inputRequests') !== undefined) return judgeTask({ method, params }, exchange);
  if (method === 'notifications/resources/updated') return judgeUpdate(params, exchange);
  if (method === 'notifications/cancelled') forgetQuestion(params, exchange);
  return judgeTexts({ method, params }, exchange);
}

/** A task may say in a notification that it waits for input. */
const asking = declareKeys('inputRequests', 'taskId');

async function judgeTask(told: Told, exchange: Exchange): Promise<Treatment> {
  const stop = await judgeInputRequests(told.params, exchange);
  return stop === undefined ? judgeTexts(told, exchange) : withholdFor('denied_request', exchange);
}

const updateKeys = declareKeys('uri');

async function judgeUpdate(params: JsonObject, exchange: Exchange): Promise<Treatment> {
  const { context, options } = exchange;
  const uri = memberOf(params, 'uri');
  if (typeof uri !== 'string' || holdsFolded(params, updateKeys))
    return withholdFor('invalid_frame', exchange);
  const visible = await options.visible(context.identity, context.server);
  return isShownResource(uri, visible) ? pass : withholdFor('hidden_resource', exchange);
}

/** The server no longer waits for the client's answer. */
function forgetQuestion(params: JsonObject, { context }: Exchange): void {
  const id = memberOf(params, 'requestId') as RequestId | undefined;
  if (typeof id === 'string' || typeof id === 'number') context.session?.questions.delete(idKey(id));
}
