// The era with sessions: one server and one transport for each, found by the header of the session.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { isInitializeRequest, type JSONRPCMessage, type McpServer } from '@modelcontextprotocol/server';
import { EventStore } from '../eventStore.ts';
import { refuse } from './reply.ts';

/** What a client is told to wait before it comes back for a stream. */
const retryMs = 500;

export class LegacySessions {
  readonly #makeServer: () => McpServer;
  readonly #sessions = new Map<string, NodeStreamableHTTPServerTransport>();

  constructor(makeServer: () => McpServer) {
    this.#makeServer = makeServer;
  }

  async handle(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    const id = request.headers['mcp-session-id'];
    if (id === undefined && isInitializeRequest(body)) {
      const transport = await this.#open();
      await transport.handleRequest(request, response, body);
      return;
    }
    const transport = this.#sessions.get(String(id));
    if (transport !== undefined) await transport.handleRequest(request, response, body);
    else if (id === undefined) refuse(response, 400, { code: -32_000, message: 'no session' });
    else refuse(response, 404, { code: -32_001, message: 'the session is not known' });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((transport) => transport.close()));
  }

  async #open(): Promise<NodeStreamableHTTPServerTransport> {
    const server = this.#makeServer();
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      eventStore: new EventStore<JSONRPCMessage>(),
      retryInterval: retryMs,
      onsessioninitialized: (id) => {
        this.#sessions.set(id, transport);
      },
      onsessionclosed: (id) => {
        this.#sessions.delete(id);
      },
    });
    await server.connect(transport);
    return transport;
  }
}
