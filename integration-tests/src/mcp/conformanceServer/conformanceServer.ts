// The conformance server over HTTP, for both eras at one URL. As the suite asks for, it serves nobody whose Host or Origin
// is not of this machine.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import {
  localhostHostValidation,
  localhostOriginValidation,
  toNodeHandler,
  type NodeIncomingMessageLike,
} from '@modelcontextprotocol/node';
import { classifyInboundRequest, createMcpHandler, type McpServer } from '@modelcontextprotocol/server';
import type { Endpoint } from '../endpoint.ts';
import { LegacySessions } from './legacySessions.ts';
import { makeServer } from './makeServer.ts';
import { replyWith, refuse } from './reply.ts';
import { Tasks } from './tasks/tasks.ts';

export async function startConformanceServer(): Promise<Endpoint> {
  const make = (): McpServer => makeServer(modern.notify);
  const modern = createMcpHandler(make);
  const handleModern = toNodeHandler(modern);
  const legacy = new LegacySessions(make);
  const tasks = new Tasks();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = request.method === 'POST' ? await json(request).catch(() => undefined) : null;
    if (body === undefined) {
      refuse(response, 400, { code: -32_700, message: 'this is no JSON' });
    } else if (isModern(request, body)) {
      const reply = tasks.answer(request.headers, body);
      if (reply !== undefined) replyWith(response, reply);
      else await handleModern(request as NodeIncomingMessageLike, response, body);
    } else {
      await legacy.handle(request, response, body);
    }
  };
  const isHostHere = localhostHostValidation();
  const isOriginHere = localhostOriginValidation();
  const server = createServer((request, response) => {
    if (isHostHere(request, response) && isOriginHere(request, response)) void handle(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const close = async (): Promise<void> => {
    tasks.close();
    await Promise.all([modern.close(), legacy.close()]);
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, close };
}

function isModern({ method = '', headers }: IncomingMessage, body: unknown): boolean {
  const { 'mcp-protocol-version': version, 'mcp-method': named } = headers;
  const inbound = classifyInboundRequest({
    httpMethod: method,
    ...(typeof version === 'string' ? { protocolVersionHeader: version } : {}),
    ...(typeof named === 'string' ? { mcpMethodHeader: named } : {}),
    body,
  });
  return inbound.kind !== 'legacy';
}
