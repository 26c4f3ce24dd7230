// Requests as bytes: a head that is right unless a kind says otherwise, and a body of any kind.
import { tokens } from '../../../pdp/test/client.ts';
import { callOf, facts, person } from '../../../pdp/test/mcpSources.ts';
import type { Random } from './random.ts';
import type { WireMessage } from './wire.ts';

export interface RequestParts {
  readonly line?: string;
  readonly path?: string;
  /** Undefined leaves a header out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Further lines of the head, as they stand. */
  readonly lines?: readonly string[];
  readonly body?: string | Buffer;
}

export const evaluationPath = '/access/v1/evaluation';
export const evaluationsPath = '/access/v1/evaluations';

export function request(parts: RequestParts = {}): WireMessage {
  return { chunks: [writeRequest(parts)] };
}

export function writeRequest({
  line,
  path = evaluationPath,
  headers,
  lines = [],
  body = '',
}: RequestParts): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const all: Readonly<Record<string, string | undefined>> = {
    host: 'pdp.example',
    authorization: `Bearer ${tokens.author}`,
    'content-type': 'application/json',
    'content-length': String(bytes.length),
    ...headers,
  };
  const written = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  const head = [line ?? `POST ${path} HTTP/1.1`, ...written, ...lines, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
}

/** The same request with its body in chunks (RFC 9112, 7.1). */
export function chunked(body: string, coding = 'chunked'): WireMessage {
  const size = Buffer.byteLength(body).toString(16);
  const headers = { 'content-length': undefined, 'transfer-encoding': coding };
  return request({ headers, body: `${size}\r\n${body}\r\n0\r\n\r\n` });
}

/** A body at an endpoint, as JSON. */
export function post(body: unknown, path = evaluationPath, token: string = tokens.author): WireMessage {
  return request({ path, headers: { authorization: `Bearer ${token}` }, body: JSON.stringify(body) });
}

/** A text, as it stands. */
export function postText(body: string | Buffer): WireMessage {
  return request({ body });
}

/** A call that is allowed. */
export function goodCall(random: Random): Record<string, unknown> {
  const call = callOf('github/create_issue', { title: random.word() });
  return { ...call, subject: person(random.word(), 'builders') };
}

export function goodText(random: Random): string {
  return JSON.stringify(goodCall(random));
}

/** The call with a fragment of JSON text as the title: a value that no policy reads. */
export function textWithTitle(random: Random, fragment: string): string {
  const call = callOf('github/create_issue', { title: '\u0001' });
  return JSON.stringify({ ...call, subject: person(random.word(), 'builders') }).replace(
    '"\\u0001"',
    () => fragment,
  );
}

/** The call with further members at its top, which are ignored (AuthZEN 1.0, 10.1.1). */
export function textWithMembers(random: Random, members: string): string {
  return goodText(random).replace('{', () => `{${members},`);
}

/** A refund, whose amount policies read, with a fragment of JSON text in its place. */
export function textWithAmount(fragment: string): string {
  return JSON.stringify(callOf('stripe/create_refund', { amount: '\u0001' })).replace(
    '"\\u0001"',
    () => fragment,
  );
}

/** The call with other facts. */
export function callWithFacts(random: Random, changes: object): Record<string, unknown> {
  return { ...goodCall(random), context: { ...facts, input: { title: random.word() }, ...changes } };
}
