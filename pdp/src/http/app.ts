// Every endpoint in Express: the cold ones are served from here, and the hot ones too where a request spells their
// address in an unusual way. Express routes and no more; what an endpoint does is the same on both ways.
import express, { type ErrorRequestHandler } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from '@cardea/schemas/codes';
import { MethodRefusal, type Endpoint } from './call.ts';
import type { Connections } from './connections.ts';
import type { Serve } from './serve.ts';

export type App = (request: IncomingMessage, response: ServerResponse) => void;

export function createApp(endpoints: readonly Endpoint[], connections: Connections, serve: Serve): App {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.enable('case sensitive routing');
  app.enable('strict routing');
  for (const endpoint of endpoints) {
    app[endpoint.method === 'GET' ? 'get' : 'post'](endpoint.path, (request, response) =>
      serve({ endpoint, params: request.params as Record<string, string>, connections, request, response }),
    );
  }
  for (const { method, path } of endpoints) {
    const endpoint = refuseMethod(method);
    app.all(path, (request, response) => serve({ endpoint, params: {}, connections, request, response }));
  }
  app.use((request, response) => serve({ endpoint: nowhere, params: {}, connections, request, response }));
  // A path that cannot be decoded names nothing.
  const onError: ErrorRequestHandler = (error, request, response, next) => {
    if (response.headersSent) next(error);
    else void serve({ endpoint: nowhere, params: {}, connections, request, response });
  };
  app.use(onError);
  return app;
}

/** For an address that takes one method, asked by another. */
function refuseMethod(method: Endpoint['method']): Endpoint {
  const handle = (): never => {
    throw new MethodRefusal(method);
  };
  return { method, path: '/', kind: 'open', handle };
}

const nowhere: Endpoint = {
  method: 'GET',
  path: '/',
  kind: 'open',
  handle: () => {
    throw new Refusal('not_found', 'there is nothing at this address');
  },
};
