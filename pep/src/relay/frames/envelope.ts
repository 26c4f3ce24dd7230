// What one message of a server is, by its envelope alone. Everything here is the server's; a message that another reader
// could take for a message of another kind is unclear, and goes to nobody.
import { isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import {
  memberOf,
  type RequestId,
  type RpcNotification,
  type RpcRequest,
  type RpcResponse,
} from '../../admit/message.ts';
import { declareKeys, holdsFolded } from './declaredKeys.ts';

export type Envelope = RpcRequest | RpcNotification | RpcResponse | Complaint | Unclear;

/** An error about no request in particular, as answers of HTTP errors hold it. */
export interface Complaint {
  readonly kind: 'complaint';
  readonly error: JsonObject;
}

export interface Unclear {
  readonly kind: 'unclear';
  /** What it may have meant to answer. */
  readonly id: RequestId | undefined;
  readonly why: string;
}

const envelopeKeys = declareKeys('jsonrpc', 'id', 'method', 'params', 'result', 'error');

export function readEnvelope(value: JsonValue): Envelope {
  if (!isJsonObject(value)) return { kind: 'unclear', id: undefined, why: 'a message has to be an object' };
  const id = memberOf(value, 'id');
  const envelope = readKind(value, id);
  if (typeof envelope !== 'string') return envelope;
  return { kind: 'unclear', id: isRequestId(id) ? id : undefined, why: envelope };
}

/** Or why it is unclear. */
function readKind(value: JsonObject, id: JsonValue | undefined): Envelope | string {
  if (holdsFolded(value, envelopeKeys)) return 'a key differs from one of the envelope only in form';
  if (memberOf(value, 'jsonrpc') !== '2.0') return 'jsonrpc has to be "2.0"';
  const method = memberOf(value, 'method');
  const result = memberOf(value, 'result');
  const error = memberOf(value, 'error');
  if (method !== undefined) {
    if (result !== undefined || error !== undefined) return 'a message is either a request or an answer';
    return readAsking(method, memberOf(value, 'params'), id);
  }
  if (result !== undefined && error !== undefined) return 'an answer has either a result or an error';
  if (result !== undefined) return readResult(result, id);
  return error === undefined ? 'a message has a method, a result or an error' : readError(error, id);
}

function readAsking(
  method: JsonValue,
  params: JsonValue | undefined,
  id: JsonValue | undefined,
): Envelope | string {
  if (typeof method !== 'string') return 'method has to be a text';
  if (params !== undefined && !isJsonObject(params)) return 'params have to be an object';
  if (id === undefined) return { kind: 'notification', method, params };
  return isRequestId(id) ? { kind: 'request', id, method, params } : unfitId;
}

function readResult(result: JsonValue, id: JsonValue | undefined): Envelope | string {
  if (!isJsonObject(result)) return 'a result has to be an object';
  return isRequestId(id) ? { kind: 'response', id, outcome: { kind: 'result', result } } : unfitId;
}

function readError(error: JsonValue, id: JsonValue | undefined): Envelope | string {
  if (!isJsonObject(error)) return 'an error has to be an object';
  if (!Number.isSafeInteger(memberOf(error, 'code'))) return 'the code of an error has to be an integer';
  if (typeof memberOf(error, 'message') !== 'string') return 'the message of an error has to be a text';
  if (id === undefined || id === null) return { kind: 'complaint', error };
  return isRequestId(id) ? { kind: 'response', id, outcome: { kind: 'error', error } } : unfitId;
}

const unfitId = 'id has to be a text or a safe integer';

/** Large integers and fractions are read differently by different readers. */
function isRequestId(id: JsonValue | undefined): id is RequestId {
  return typeof id === 'string' || (typeof id === 'number' && Number.isSafeInteger(id));
}
