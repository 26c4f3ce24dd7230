// One JSON-RPC message as every later step sees it: parsed once, frozen, and never more than one kind of thing.
import { isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';

/** A text or an integer. They are never rewritten: clients and servers find their answers by them. */
export type RequestId = string | number;

export interface RpcRequest {
  readonly kind: 'request';
  readonly id: RequestId;
  readonly method: string;
  readonly params: JsonObject | undefined;
}

export interface RpcNotification {
  readonly kind: 'notification';
  readonly method: string;
  readonly params: JsonObject | undefined;
}

export interface RpcResponse {
  readonly kind: 'response';
  readonly id: RequestId;
  readonly outcome:
    | { readonly kind: 'result'; readonly result: JsonObject }
    | { readonly kind: 'error'; readonly error: JsonObject };
}

export type Message = RpcRequest | RpcNotification | RpcResponse;

/** Tells the id 1 from the id "1" in maps. */
export function idKey(id: RequestId): string {
  return typeof id === 'number' ? `n${id}` : `s${id}`;
}

/** The member of that name, and nothing from a prototype. */
export function memberOf(object: JsonObject | undefined, name: string): JsonValue | undefined {
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** By what whoever answers a request may tell how far it is (MCP 2025-11-25, Progress). */
export function progressTokenOf(params: JsonObject | undefined): RequestId | undefined {
  const meta = memberOf(params, '_meta');
  return isJsonObject(meta) ? asId(memberOf(meta, 'progressToken')) : undefined;
}

/** Undefined for what can be no id. */
export function asId(value: JsonValue | undefined): RequestId | undefined {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}
