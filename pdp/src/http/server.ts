// The listeners of one worker: the hot endpoints straight from node:http, everything else from Express behind it.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { ServiceLimits } from '../limits.ts';
import type { App } from './app.ts';
import type { Endpoint } from './call.ts';
import { Connections } from './connections.ts';
import type { Transport } from './identity.ts';
import type { Serve } from './serve.ts';

export interface TlsFiles {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
}

export interface ServerOptions {
  readonly endpoints: readonly Endpoint[];
  /** Paths of the endpoints that go around Express. */
  readonly hotPaths: ReadonlySet<string>;
  readonly serve: Serve;
  readonly limits: ServiceLimits;
  readonly tls?: TlsFiles | undefined;
}

/** How often timeouts are looked at. */
const timeoutCheckMs = 1_000;

export function createHttpServer(transport: Transport, options: ServerOptions): Server {
  const { endpoints, hotPaths, serve, limits, tls } = options;
  const hot = new Map(
    endpoints
      .filter(({ path }) => hotPaths.has(path))
      .map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint]),
  );
  // Express takes memory in each worker, and most never need it.
  let app: Promise<App> | undefined;
  const loadApp = async (): Promise<App> => {
    const { createApp } = await import('./app.ts');
    return createApp(endpoints, connections, serve);
  };
  const noParams = Object.freeze({});
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const endpoint = hot.get(`${request.method ?? ''} ${request.url ?? ''}`);
    if (endpoint !== undefined) void serve({ endpoint, params: noParams, connections, request, response });
    else
      void (app ??= loadApp()).then((route) => {
        route(request, response);
      });
  };
  const settings = {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: timeoutCheckMs,
    maxHeaderSize: limits.headerBytesMax,
    // Small answers leave at once.
    noDelay: true,
    // Of two credentials or content types node would take the first and drop the other; joined, they are neither.
    joinDuplicateHeaders: true,
  };
  const server =
    tls === undefined || transport === 'unix'
      ? createServer(settings, onRequest)
      : // Any certificate may knock: it is the pin in the callers file that lets in, and TLS proves the key.
        createTlsServer({ ...settings, ...tls, requestCert: true, rejectUnauthorized: false }, onRequest);
  const connections = new Connections(server, transport, limits);
  return server;
}
