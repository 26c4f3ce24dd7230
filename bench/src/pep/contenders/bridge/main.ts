// A proxy of the SDK's own parts: a server towards the client, a client towards the upstream, every message read and
// written again by both. In its favour: no framework, JSON answers, and one client for all.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { answerAsProxy, type Started } from '../../proxy/answerAsProxy.ts';

const name = { name: 'bridge', version: '1.0.0' };

answerAsProxy(async (upstream: string): Promise<Started> => {
  const client = new Client(name);
  await client.connect(new StreamableHTTPClientTransport(new URL(upstream)));
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const server = createServer((request, response) => {
    const known = sessions.get(String(request.headers['mcp-session-id']));
    void (known === undefined ? openSession(client, sessions) : Promise.resolve(known)).then((transport) =>
      transport.handleRequest(request, response),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    close: () => client.close(),
  };
});

/** One server object to each session, as the SDK wants it. */
async function openSession(
  client: Client,
  sessions: Map<string, StreamableHTTPServerTransport>,
): Promise<StreamableHTTPServerTransport> {
  const mcp = new McpServer(name, { capabilities: { tools: {} } });
  const { server } = mcp;
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => client.listTools(params));
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => client.callTool(params));
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    enableJsonResponse: true,
    onsessioninitialized: (id) => {
      sessions.set(id, transport);
    },
  });
  await mcp.connect(transport);
  return transport;
}
