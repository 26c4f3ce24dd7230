// A pass-through that differs from the bare one in a single way, as proxies do by mistake. Without a variation it is as
// transparent as the bare one.
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Endpoint } from './endpoint.ts';

export interface RequestHead {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
}

export interface ResponseHead {
  readonly status: number;
  readonly headers: Headers;
}

/** Names in lower case, values in the order in which they came. */
export type Headers = Readonly<Record<string, string | string[]>>;

export interface Variation {
  readonly requestHead?: (head: RequestHead) => RequestHead;
  /** The whole body. */
  readonly requestBody?: (body: Buffer) => Buffer;
  /** What it answers by itself; the upstream then hears nothing. */
  readonly answer?: (head: RequestHead, body: Buffer) => ResponseHead | undefined;
  readonly responseHead?: (head: ResponseHead, request: RequestHead) => ResponseHead;
  readonly responseBody?: (head: ResponseHead, request: RequestHead) => Transform | undefined;
  /** The head waits for the first byte of the body. */
  readonly isHeadLate?: true;
  /** The upstream does not hear of clients that leave. */
  readonly keepsUpstream?: true;
  /** What the upstream broke off looks as if it had ended. */
  readonly hidesBreaks?: true;
}

export async function startVariedProxy(upstreamUrl: string, variation: Variation): Promise<Endpoint> {
  const upstream = new URL(upstreamUrl);
  const server = createServer(
    (incoming, response) => void passOn(incoming, response, { upstream, variation }),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const close = (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    return Promise.resolve();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${upstream.pathname}`, close };
}

interface Path {
  readonly upstream: URL;
  readonly variation: Variation;
}

async function passOn(incoming: IncomingMessage, response: ServerResponse, path: Path): Promise<void> {
  const { variation } = path;
  const sent = await buffer(incoming).catch(() => Buffer.alloc(0));
  const came = { method: incoming.method ?? '', path: incoming.url ?? '', headers: passedHeaders(incoming) };
  const head = variation.requestHead?.(came) ?? came;
  const body = variation.requestBody?.(sent) ?? sent;
  const own = variation.answer?.(head, body);
  if (own !== undefined) {
    response.writeHead(own.status, { ...own.headers }).end();
    return;
  }
  const length = Object.hasOwn(head.headers, 'content-length')
    ? { 'content-length': String(body.length) }
    : {};
  const outgoing = request({
    host: path.upstream.hostname,
    port: path.upstream.port,
    agent: false,
    method: head.method,
    path: head.path,
    headers: { ...head.headers, ...length },
  });
  // node:http writes it in upper case.
  outgoing.method = head.method;
  outgoing.on('response', (answer) => {
    answerWith(answer, response, { variation, request: head });
  });
  outgoing.on('error', () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
  response.on('close', () => {
    if (!response.writableFinished && variation.keepsUpstream !== true) outgoing.destroy();
  });
  outgoing.end(body);
}

function answerWith(
  answer: IncomingMessage,
  response: ServerResponse,
  { variation, request }: { readonly variation: Variation; readonly request: RequestHead },
): void {
  const came = { status: answer.statusCode ?? 502, headers: passedHeaders(answer) };
  const head = variation.responseHead?.(came, request) ?? came;
  const transform = variation.responseBody?.(head, request);
  const { 'content-length': length, ...headers } = head.headers;
  const isWhole = transform === undefined && length !== undefined;
  response.writeHead(head.status, isWhole ? { ...headers, 'content-length': length } : headers);
  if (variation.isHeadLate !== true) response.flushHeaders();
  answer.on('error', () => {
    if (variation.hidesBreaks === true) response.end();
    else response.destroy();
  });
  if (transform === undefined) answer.pipe(response);
  else answer.pipe(transform).pipe(response);
}

const ofOneHop = new Set(['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

function passedHeaders({ headersDistinct }: IncomingMessage): Headers {
  const kept = Object.entries(headersDistinct).filter(([name]) => !ofOneHop.has(name));
  return Object.fromEntries(
    kept.map(([name, values = []]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
}
