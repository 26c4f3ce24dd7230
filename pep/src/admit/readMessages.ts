// From the bytes of a body to messages. Everything here is the caller's; what comes out can mean one thing only, to us
// and to whichever reader the server uses.
import { Refusal } from '@cardea/schemas/codes';
import {
  deepFreeze,
  isJsonObject,
  parseStrictJson,
  quoteExcerpt,
  type JsonObject,
  type JsonValue,
} from '@cardea/schemas/json';
import { foldKey } from '@cardea/schemas/mcp';
import { versionKey } from './era.ts';
import { memberOf, type Message, type RequestId, type RpcResponse } from './message.ts';

export interface MessageLimits {
  readonly bodyBytesMax: number;
  readonly jsonDepthMax: number;
  readonly batchMessagesMax: number;
}

export interface Body {
  readonly messages: readonly Message[];
  /** They came in an array, be it of one. */
  readonly isBatch: boolean;
}

/** Throws Refusal for what is no message, or could be taken for another by another reader. */
export function readMessages(bytes: Uint8Array, limits: MessageLimits): Body {
  const value = parseStrictJson(bytes, { bytesMax: limits.bodyBytesMax, depthMax: limits.jsonDepthMax });
  if (!Array.isArray(value)) return { messages: [readMessage(value)], isBatch: false };
  const elements = value as readonly JsonValue[];
  if (elements.length === 0) throw new Refusal('invalid_request', 'an array of messages may not be empty');
  if (elements.length > limits.batchMessagesMax) {
    throw new Refusal('too_large', `an array may hold ${limits.batchMessagesMax} messages`);
  }
  const messages = elements.map(readMessage);
  requireDistinctIds(messages);
  return { messages, isBatch: true };
}

const envelopeKeys = ['jsonrpc', 'id', 'method', 'params', 'result', 'error'] as const;

/** What parameters of any method are called. A server that matches keys loosely must find none of them elsewhere. */
const paramKeys = [
  '_meta',
  'argument',
  'arguments',
  'capabilities',
  'clientInfo',
  'context',
  'cursor',
  'inputResponses',
  'level',
  'name',
  'notifications',
  'progressToken',
  'protocolVersion',
  'ref',
  'requestId',
  'requestState',
  'task',
  'taskId',
  'uri',
] as const;

/** What is judged, or decides how, within these parameters. */
const memberKeys: Readonly<Record<string, readonly string[]>> = {
  _meta: [versionKey, 'progressToken'],
  notifications: [
    'promptsListChanged',
    'resourceSubscriptions',
    'resourcesListChanged',
    'taskIds',
    'toolsListChanged',
  ],
  ref: ['name', 'type', 'uri'],
};

function readMessage(value: JsonValue): Message {
  if (!isJsonObject(value)) throw new Refusal('invalid_request', 'a message has to be an object');
  refuseFolded(value, envelopeKeys, '');
  if (memberOf(value, 'jsonrpc') !== '2.0') throw new Refusal('invalid_request', 'jsonrpc: expected "2.0"');
  const method = memberOf(value, 'method');
  if (method === undefined) return readResponse(value);
  if (typeof method !== 'string') throw new Refusal('invalid_request', 'method: expected a text');
  if (Object.hasOwn(value, 'result') || Object.hasOwn(value, 'error')) {
    throw new Refusal('invalid_request', 'a message is either a request or an answer');
  }
  const params = readParams(memberOf(value, 'params'));
  const id = memberOf(value, 'id');
  if (id === undefined) return { kind: 'notification', method, params };
  return { kind: 'request', id: requireId(id), method, params };
}

function readParams(params: JsonValue | undefined): JsonObject | undefined {
  if (params === undefined) return undefined;
  if (!isJsonObject(params)) throw new Refusal('invalid_request', 'params: expected an object');
  refuseFolded(params, paramKeys, 'params.');
  for (const name in memberKeys) {
    const member = memberOf(params, name);
    if (isJsonObject(member)) refuseFolded(member, memberKeys[name] as readonly string[], `params.${name}.`);
  }
  return deepFreeze(params);
}

function readResponse(value: JsonObject): RpcResponse {
  const id = requireId(memberOf(value, 'id') ?? null);
  const result = memberOf(value, 'result');
  const error = memberOf(value, 'error');
  if (result !== undefined && error === undefined && isJsonObject(result)) {
    return { kind: 'response', id, outcome: { kind: 'result', result: deepFreeze(result) } };
  }
  if (error !== undefined && result === undefined && isJsonObject(error)) {
    return { kind: 'response', id, outcome: { kind: 'error', error: deepFreeze(error) } };
  }
  throw new Refusal('invalid_request', 'a message has a method, or else a result or an error, as an object');
}

/** MCP wants a text or an integer. Large integers are read differently by different readers. */
export function requireId(id: JsonValue): RequestId {
  if (typeof id === 'string' && id.length <= idCharactersMax) return id;
  if (typeof id === 'number' && Number.isSafeInteger(id)) return id;
  throw new Refusal(
    'invalid_request',
    `id: expected a text of at most ${idCharactersMax} characters or a safe integer`,
  );
}

const idCharactersMax = 512;

function requireDistinctIds(messages: readonly Message[]): void {
  const ids = messages.flatMap((message) => (message.kind === 'request' ? [message.id] : []));
  if (new Set(ids).size < ids.length)
    throw new Refusal('invalid_request', 'two requests of one array have the same id');
}

function refuseFolded(object: JsonObject, declared: readonly string[], place: string): void {
  for (const key of Object.keys(object)) {
    if (declared.includes(key)) continue;
    const fold = foldKey(key.slice(0, foldCharactersMax));
    const meant = declared.find((name) => foldKey(name) === fold);
    if (meant === undefined) continue;
    throw new Refusal(
      'folded_key',
      `${place}${meant}: ${quoteExcerpt(key)} differs from it only in case or form`,
    );
  }
}

/** Longer keys are none of those declared, whatever they fold to. */
const foldCharactersMax = 64;
