// What an endpoint is: an address, who may use it, and a function from one call to one answer. Nothing here knows of
// sockets; endpoints are tested through the server that carries them.
import { codes, Refusal } from '@cardea/schemas/codes';
import { cutMessage, type JsonValue } from '@cardea/schemas/json';
import type { CallerClass } from '@cardea/schemas/wire';
import type { Caller } from '../callers/caller.ts';
import { RateRefusal } from './rateTable.ts';

export interface OpenCall {
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Call extends OpenCall {
  readonly caller: Caller;
  /** The judged bytes, strictly parsed; null where the method has no body. */
  readonly body: JsonValue;
}

export interface WholeAnswer {
  readonly kind: 'whole';
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Stays open. `start` writes through the sink and returns what ends the stream. */
export interface StreamAnswer {
  readonly kind: 'stream';
  readonly type: string;
  readonly start: (sink: Sink) => () => void;
}

export type Answer = WholeAnswer | StreamAnswer;

export interface Sink {
  /** False once the receiver is too slow: the stream was ended. */
  readonly write: (text: string) => boolean;
  readonly end: () => void;
}

interface Address {
  readonly method: 'GET' | 'POST';
  /** As Express writes paths: `:name` is a parameter. */
  readonly path: string;
}

/** Needs no credential. */
export interface OpenEndpoint extends Address {
  readonly kind: 'open';
  readonly handle: (call: OpenCall) => Answer | Promise<Answer>;
}

export interface GuardedEndpoint extends Address {
  readonly kind: 'guarded';
  readonly callers: readonly CallerClass[];
  /** Takes its turn among the long tasks, so that it cannot keep short requests waiting. */
  readonly long?: true;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

export type Endpoint = OpenEndpoint | GuardedEndpoint;

export const jsonType = 'application/json';

export function answerJson(value: unknown, status = 200): WholeAnswer {
  return answerText(JSON.stringify(value), status);
}

/** `body` is JSON already. */
export function answerText(body: string, status = 200): WholeAnswer {
  return { kind: 'whole', status, type: jsonType, body };
}

/** Says what the address takes instead. */
export class MethodRefusal extends Refusal {
  readonly allow: string;

  constructor(method: Address['method']) {
    // Whatever answers GET answers HEAD.
    const allow = method === 'GET' ? 'GET, HEAD' : method;
    super('method_not_allowed', `this address takes ${allow}`);
    this.allow = allow;
  }
}

/** Who may not ask for a token learns how to send one; who comes at a bad time, when to come again. */
export function answerRefusal(refusal: Refusal, requestId: string, status?: number): WholeAnswer {
  const { code, message } = refusal;
  const headers: Record<string, string> = {};
  if (code === 'unauthenticated') headers['www-authenticate'] = 'Bearer realm="cardea"';
  if (code === 'overloaded') headers['retry-after'] = '1';
  if (refusal instanceof MethodRefusal) headers['allow'] = refusal.allow;
  if (refusal instanceof RateRefusal) headers['retry-after'] = String(refusal.retryAfterSeconds);
  const body = JSON.stringify({ error: { code, message: cutMessage(message), requestId } });
  // A denial has the status 200 in the table; as a refusal of the whole request it is a refusal all the same.
  const tabled: number = codes[code].http;
  return { kind: 'whole', status: status ?? (tabled === 200 ? 503 : tabled), type: jsonType, body, headers };
}
