// The server on SDK 1 over HTTP, which keeps a session and an event store for each client, and serves nobody whose Host or
// Origin is not of this machine.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { Endpoint } from '../endpoint.ts';
import { EventStore } from '../eventStore.ts';
import { makeSession } from './makeSession.ts';

/** What a client is told to wait before it comes back for a stream. */
const retryMs = 50;

export async function startSessionServer(): Promise<Endpoint> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const id = request.headers['mcp-session-id'];
    const transport = id === undefined ? await openSession(sessions) : sessions.get(String(id));
    if (transport === undefined) response.writeHead(404).end();
    else await transport.handleRequest(request, response);
  };
  const server = createServer((request, response) => {
    if (isOfThisMachine(request)) void handle(request, response);
    else response.writeHead(403).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const close = async (): Promise<void> => {
    await Promise.all([...sessions.values()].map((transport) => transport.close()));
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, close };
}

async function openSession(
  sessions: Map<string, StreamableHTTPServerTransport>,
): Promise<StreamableHTTPServerTransport> {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: () => crypto.randomUUID(),
    eventStore: new EventStore<JSONRPCMessage>(),
    retryInterval: retryMs,
    onsessioninitialized: (id) => {
      sessions.set(id, transport);
    },
    onsessionclosed: (id) => {
      sessions.delete(id);
    },
  });
  await makeSession().connect(transport);
  return transport;
}

function isOfThisMachine({ headers: { host = '', origin } }: IncomingMessage): boolean {
  const hosts = [`http://${host}`, ...(origin === undefined ? [] : [origin])];
  return hosts.every((url) => ['127.0.0.1', 'localhost', '[::1]'].includes(URL.parse(url)?.hostname ?? ''));
}
