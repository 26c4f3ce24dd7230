// One message of an adversary, and what has to come back for it: the table that the proxy is held to is made of these.
import { codes, type Code } from '@cardea/schemas/codes';
import { writeRequest, type RequestParts } from '../../hostile/message.ts';
import type { WireAnswer, WireMessage } from '../../hostile/wire.ts';

/** Sessions that are open before the first attack, by what is special of them. */
export interface Sessions {
  /** Of the one who attacks, under 2025-11-25. */
  readonly own: string;
  /** Of the one who attacks, under the revision that has arrays. */
  readonly batching: string;
  readonly foreign: string;
  readonly ended: string;
}

export interface Attack {
  readonly name: string;
  /** One for each answer: `400 duplicate_key -32600`; `200 passed` and `202` have reached the server. */
  readonly wanted: readonly string[];
  readonly make: (sessions: Sessions) => WireMessage;
}

type Make = (sessions: Sessions) => RequestParts;

export const annToken = 'token-of-ann';
export const bobToken = 'token-of-bob';

/** What is no call has no answer: it is refused as a request of HTTP. */
export function malformed(code: Code, name: string, parts: RequestParts | Make): Attack {
  return attack([`${codes[code].http} ${code} ${codes[code].rpc}`], name, parts);
}

export function refused(code: Code, name: string, parts: RequestParts | Make): Attack {
  const { http, rpc } = codes[code];
  // Clients with sessions hear what is wrong with a call as an answer to it.
  const isAnswer = rpc === -32602 && !isStateless(parts);
  return attack([`${isAnswer ? 200 : http} ${code} ${rpc}`], name, parts);
}

function isStateless(parts: RequestParts | Make): boolean {
  return typeof parts === 'object' && parts.headers?.['mcp-protocol-version'] === '2026-07-28';
}

export function passed(name: string, parts: RequestParts | Make): Attack {
  return attack(['200 passed'], name, parts);
}

export function attack(wanted: readonly string[], name: string, parts: RequestParts | Make): Attack {
  const make = typeof parts === 'function' ? parts : (): RequestParts => parts;
  return {
    name,
    wanted,
    make: (sessions) => ({ chunks: [writePost(make(sessions))], answers: wanted.length }),
  };
}

/** As a client would send it, but for what the parts say. */
export function writePost({ headers, path = '/desk/mcp', ...parts }: RequestParts): Buffer {
  const ours = { host: '127.0.0.1', authorization: `Bearer ${annToken}`, accept: 'application/json' };
  return writeRequest({ path, headers: { ...ours, ...headers }, ...parts });
}

/** What came, in the words of `wanted`. */
export function describeAnswer({ status, body }: WireAnswer): string {
  if (body === '') return String(status);
  const answer = readAnswer(body);
  if (Array.isArray(answer)) return `${status} [${answer.map(describeError).join(', ')}]`;
  return `${status} ${describeError(answer)}`;
}

interface Answer {
  readonly result?: object;
  readonly error?: { readonly code: number; readonly data?: { readonly code?: string } };
}

function readAnswer(body: string): Answer | Answer[] {
  try {
    return JSON.parse(body) as Answer | Answer[];
  } catch {
    return {};
  }
}

function describeError({ result, error }: Answer): string {
  if (result !== undefined) return 'passed';
  return error === undefined ? 'nonsense' : `${error.data?.code ?? 'uncoded'} ${error.code}`;
}

export function rpc(method: string, params?: object | string, id: unknown = 1): string {
  const text = typeof params === 'string' ? params : JSON.stringify(params);
  const given = params === undefined ? '' : `,"params":${text}`;
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":${JSON.stringify(method)}${given}}`;
}

/** A call of a tool with a fragment of JSON for its arguments. */
export function callOf(args: string, name = 'refund'): string {
  return rpc('tools/call', `{"name":${JSON.stringify(name)},"arguments":${args}}`);
}

const version = 'io.modelcontextprotocol/protocolVersion';

/** The parts of a request of the stateless era, with all that it has to have. */
export function stateless(
  method: string,
  params: object = {},
  headers: RequestParts['headers'] = {},
): RequestParts {
  const name = 'name' in params ? params.name : 'uri' in params ? params.uri : undefined;
  return {
    headers: {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
      ...headers,
    },
    body: rpc(method, { ...params, _meta: { [version]: '2026-07-28' } }),
  };
}
