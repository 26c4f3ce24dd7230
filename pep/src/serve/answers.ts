// What the proxy answers by itself: refusals, denials and holds, as errors of JSON-RPC.
import type { ServerResponse } from 'node:http';
import { codes, type Code, type Refusal } from '@cardea/schemas/codes';
import { cutMessage, type JsonObject } from '@cardea/schemas/json';
import { statelessVersions, type Era } from '../admit/era.ts';
import { UnofferedResource } from '../resolve/unoffered.ts';
import { UnsupportedProtocol } from '../admit/headers.ts';
import type { RequestId } from '../admit/message.ts';
import type { Refused } from '../identify/protectedResources.ts';
import { InsufficientScope } from '../identify/insufficientScope.ts';
import type { Verdict } from '../decide/verdict.ts';

export interface RpcError {
  readonly jsonrpc: '2.0';
  readonly id: RequestId | null;
  readonly error: {
    readonly code: number;
    readonly message: string;
    readonly data: Readonly<Record<string, unknown>>;
  };
}

export type Stop = Exclude<Verdict, { readonly kind: 'allow' }>;

/** The code says what to do next; the message is for people, and for models that read it. */
export function makeError(id: RequestId | null, stop: Stop): RpcError {
  const { kind, code, message, decisionId } = stop;
  const data = {
    code,
    verdict: kind,
    message: cutMessage(message),
    ...(decisionId === undefined ? {} : { decisionId }),
    ...(stop.kind === 'hold' ? { approval: { approvers: stop.approvers } } : {}),
    ...(stop.kind === 'deny' ? stop.details : {}),
  };
  return { jsonrpc: '2.0', id, error: { code: codes[code].rpc, message: writeMessage(code, message), data } };
}

export function toStop(refusal: Refusal): Stop {
  const { code, message } = refusal;
  return { kind: 'deny', code, message, details: detailsOf(refusal) };
}

/** The same as was thrown, once it is a verdict. */
export function refusedOf(stop: Stop): Refused {
  const scopes = stop.kind === 'deny' ? stop.details?.['scopes'] : undefined;
  return { code: stop.code, ...(Array.isArray(scopes) ? { scopes: scopes.map(String) } : {}) };
}

function detailsOf(refusal: Refusal): JsonObject {
  if (refusal instanceof UnsupportedProtocol) {
    return { supported: [...statelessVersions], requested: refusal.requested };
  }
  if (refusal instanceof InsufficientScope) return { scopes: [...refusal.scopes] };
  return refusal instanceof UnofferedResource ? { uri: refusal.uri } : {};
}

/**
 * `errors` is one, or all that answer an array of messages. `challenge` is what WWW-Authenticate says; by itself it says
 * that a token is wanted.
 */
export function sendErrors(
  response: ServerResponse,
  errors: RpcError | readonly RpcError[],
  status: number,
  challenge?: string,
): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const body = JSON.stringify(errors);
  const first = (Array.isArray(errors) ? (errors as readonly RpcError[])[0] : (errors as RpcError))?.error
    .data['code'] as Code | undefined;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(challenge !== undefined || first === 'unauthenticated'
      ? { 'www-authenticate': challenge ?? 'Bearer realm="cardea"' }
      : undefined),
    ...(status === 405 ? { allow: 'POST, GET, DELETE' } : undefined),
    ...(status === 503 || status === 429 ? { 'retry-after': '1' } : undefined),
  });
  response.end(body);
}

/**
 * A 404 towards a legacy client says that its session is over, and to its SDK a 400 is a fault of the transport: whoever
 * made the call would not hear what is wrong with it.
 */
export function statusOf(code: Code, era: Era): number {
  const { http, rpc } = codes[code];
  return era === 'legacy' && (code === 'unknown_method' || rpc === invalidParams) ? 200 : http;
}

/** JSON-RPC 2.0, 5.1. */
const invalidParams = -32602;

/** A denial is an answer to a call, with the status of one. Here was no call. */
export function statusWithoutCall(code: Code): number {
  const { http, rpc } = codes[code];
  if (http !== 200) return http;
  return passing.has(code) || rpc === codes.internal_fault.rpc ? 503 : 403;
}

const passing: ReadonlySet<Code> = new Set(['bundle_changed', 'stale_authority', 'facts_required']);

function writeMessage(code: Code, message: string): string {
  const { meaning, remedy } = codes[code];
  const shown = cutMessage(message);
  return shown === meaning ? `${shown} ${remedy}` : shown;
}
