// What a client may see of a result. Most pass as they are, and without waiting for anything.
import { Refusal } from '@cardea/schemas/codes';
import { isJsonObject, type JsonObject } from '@cardea/schemas/json';
import { idKey, memberOf, type RequestId } from '../../admit/message.ts';
import type { Visible } from '../../resolve/visibility.ts';
import { report, type Exchange } from '../exchange.ts';
import { cleanCompletion } from '../leaks/cleanCompletion.ts';
import { cleanInstructions } from '../leaks/cleanInstructions.ts';
import { cleanList } from '../leaks/cleanList.ts';
import { cleanToolError, isToolError } from '../leaks/cleanToolError.ts';
import { learnHidden } from '../leaks/hiddenNames.ts';
import { filterLists } from '../lists/filterLists.ts';
import { listMethods, listShapes } from '../lists/listKind.ts';
import type { Answer } from '../relayOutcome.ts';
import { errorResponse, makeStop, stopOf } from '../rpcError.ts';
import type { Stop } from '../../serve/answers.ts';
import { judgeInputRequests } from './judgeInputRequests.ts';
import { openSession } from './openSession.ts';
import { findParts } from './resultParts.ts';
import { filterTasks, keepTask } from './taskResult.ts';
import { pass, type Treatment } from './treatment.ts';

export interface ResultFrame {
  readonly id: RequestId;
  /** Of the request; undefined where only the result tells what it is. */
  readonly method: string | undefined;
  readonly result: JsonObject;
  /** The whole message. */
  readonly value: JsonObject;
}

export function judgeResult(frame: ResultFrame, exchange: Exchange): Treatment | Promise<Treatment> {
  const { id, method = '', result } = frame;
  const parts = findParts(result);
  if (parts === 'folded') {
    const stop = makeStop(
      'upstream_invalid',
      'a key of the result differs from one that counts only in form',
    );
    return replaceAnswer(id, stop, exchange);
  }
  if (
    parts === 'some' ||
    isToolError(result) ||
    method === 'initialize' ||
    listMethods.has(method) ||
    isShared(result, exchange)
  )
    return judgeParts(frame, exchange);
  exchange.answers.note(id, memberOf(result, 'isError') === true ? toolError : plainResult);
  return pass;
}

/** An error of ours in the place of an answer. */
export function replaceAnswer(id: RequestId, stop: Stop, exchange: Exchange): Treatment {
  const { code } = stop;
  exchange.answers.note(id, { kind: 'replaced', code });
  report(exchange, { kind: 'replaced', code, count: 1 });
  return { kind: 'replace', value: errorResponse(id, stop), code };
}

const plainResult: Answer = { kind: 'result' };
const toolError: Answer = { kind: 'tool_error' };

async function judgeParts(frame: ResultFrame, exchange: Exchange): Promise<Treatment> {
  const { id, result, value } = frame;
  try {
    const stop = await judgeInputRequests(result, exchange);
    if (stop !== undefined) return replaceAnswer(id, stop, exchange);
    const shown = await showResult(frame, exchange);
    if (frame.method === 'initialize') openSession(result, exchange);
    keepTask(exchange.context.asked.get(idKey(id)), result, exchange);
    exchange.answers.note(id, memberOf(result, 'isError') === true ? toolError : plainResult);
    const sealed = sealState(frame, exchange);
    if (sealed === undefined)
      return shown === result
        ? pass
        : { kind: 'replace', value: { ...value, result: shown }, code: undefined };
    const only = { pointer: '/result/requestState', literal: JSON.stringify(sealed) };
    return {
      kind: 'replace',
      value: { ...value, result: { ...shown, requestState: sealed } },
      code: undefined,
      ...(shown === result ? { only } : {}),
    };
  } catch (fault) {
    return replaceAnswer(id, stopOf(fault), exchange);
  }
}

async function showResult(
  { id, method = '', ...frame }: ResultFrame,
  exchange: Exchange,
): Promise<JsonObject> {
  const { context, options } = exchange;
  requireList(method, frame.result);
  const filtered = filterTasks(frame.result, exchange);
  // INVARIANT: whatever else becomes of it, it goes out as private.
  const result = isShared(filtered, exchange) ? keepPrivate(filtered) : filtered;
  if (!hasHideable(result) && !isToolError(result)) return result;
  const visible = await options.visible(context.identity, context.server);
  const isList = listShapes.some(({ entriesKey }) => Array.isArray(memberOf(result, entriesKey)));
  const listed = filterLists(result, visible, (withheld) => {
    learnHidden(visible, withheld.names);
    report(exchange, { kind: 'filtered', ...withheld });
  });
  const params = context.asked.get(idKey(id))?.params;
  const cleaned = cleanTexts(isList ? cleanList(listed, visible) : listed, { visible, params }, exchange);
  const isOwn = isList || cleaned !== listed;
  return isOwn && context.era === 'stateless' ? keepPrivate(cleaned) : cleaned;
}

/** A list that is none could be one to another reader. Servers in Go write an empty one as null. */
function requireList(method: string, result: JsonObject): void {
  const entriesKey = listMethods.get(method);
  if (entriesKey === undefined) return;
  const entries = memberOf(result, entriesKey);
  // A server that asks for input first has no list yet.
  if (entries === undefined && isJsonObject(memberOf(result, 'inputRequests'))) return;
  if (Array.isArray(entries) || entries === null) return;
  throw new Refusal('upstream_invalid', `the server answered ${method} without a list`);
}

function hasHideable(result: JsonObject): boolean {
  return hideableKeys.some((key) => memberOf(result, key) !== undefined);
}

const hideableKeys = [...listShapes.map(({ entriesKey }) => entriesKey), 'completion', 'instructions'];

function cleanTexts(
  result: JsonObject,
  { visible, params }: { readonly visible: Visible; readonly params: JsonObject | undefined },
  exchange: Exchange,
): JsonObject {
  const completed = cleanCompletion(result, visible, params);
  if (completed !== result) report(exchange, { kind: 'cleaned', what: 'completion' });
  const instructed = cleanInstructions(completed, visible);
  if (instructed !== completed) report(exchange, { kind: 'cleaned', what: 'instructions' });
  const failed = cleanToolError(instructed, visible);
  if (failed !== instructed) report(exchange, { kind: 'cleaned', what: 'error' });
  return failed;
}

/** By its own words; lists in which it says nothing are made private all the same. */
function isShared(result: JsonObject, { context }: Exchange): boolean {
  const scope = memberOf(result, 'cacheScope');
  return context.era === 'stateless' && scope !== undefined && scope !== 'private';
}

/** What one identity was shown is not for others: no cache between us and clients may share it (MCP 2026-07-28). */
function keepPrivate(result: JsonObject): JsonObject {
  return memberOf(result, 'cacheScope') === 'private' ? result : { ...result, cacheScope: 'private' };
}

/** What the server wants back with the next round of this call. Throws Refusal `upstream_invalid`. */
function sealState({ id, result }: ResultFrame, { context, options }: Exchange): string | undefined {
  const state = memberOf(result, 'requestState');
  const request = context.asked.get(idKey(id));
  if (context.era !== 'stateless' || state === undefined) return undefined;
  if (typeof state === 'string' && request !== undefined) return options.sealState(state, request, context);
  throw new Refusal('upstream_invalid', 'the server gave a requestState that is no text');
}
