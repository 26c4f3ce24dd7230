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
import { classifyInboundRequest, createMcpHandler } from '@modelcontextprotocol/server';
import { LegacySessions, refuse } from './legacySessions.ts';
import { makeServer } from './makeServer.ts';

export interface RunningServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

export async function startConformanceServer(): Promise<RunningServer> {
  const modern = createMcpHandler(makeServer);
  const handleModern = toNodeHandler(modern);
  const legacy = new LegacySessions(makeServer);
  const isHostHere = localhostHostValidation();
  const isOriginHere = localhostOriginValidation();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!isHostHere(request, response) || !isOriginHere(request, response)) return;
    const body = request.method === 'POST' ? await json(request).catch(() => undefined) : null;
    if (body === undefined) refuse(response, 400, { code: -32_700, message: 'this is no JSON' });
    else if (!isModern(request, body)) await legacy.handle(request, response, body);
    else await handleModern(request as NodeIncomingMessageLike, response, body);
  };
  const server = createServer((request, response) => void handle(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const close = async (): Promise<void> => {
    await Promise.all([modern.close(), legacy.close()]);
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, close };
}

function isModern({ method = '', headers }: IncomingMessage, body: unknown): boolean {
  const inbound = classifyInboundRequest({
    httpMethod: method,
    ...headerField('protocolVersionHeader', headers['mcp-protocol-version']),
    ...headerField('mcpMethodHeader', headers['mcp-method']),
    body,
  });
  return inbound.kind !== 'legacy';
}

function headerField(name: string, value: string | string[] | undefined): Record<string, string> {
  return typeof value === 'string' ? { [name]: value } : {};
}
