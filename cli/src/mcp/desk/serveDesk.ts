// The sample server over Streamable HTTP, for clients with sessions and for single requests without.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { makeDesk, type DeskOptions } from './makeDesk.ts';

export interface ServeOptions extends DeskOptions {
  /** Whoever does not bring it as a bearer token is turned away. */
  readonly token?: string;
  /** Answers as plain JSON instead of events. */
  readonly json?: boolean;
  readonly onRequest?: (request: IncomingMessage) => void;
}

export interface DeskEndpoint {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Of clients that have not said goodbye; the oldest one makes room. */
const sessionsMax = 256;

/** On loopback, at any port that is free. */
export async function serveDesk(options: ServeOptions): Promise<DeskEndpoint> {
  const desk = new DeskSessions(options);
  const server = createServer((request, response) => void desk.handle(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await desk.close();
  };
  return { url: `http://127.0.0.1:${port}/mcp`, close };
}

class DeskSessions {
  readonly #options: ServeOptions;
  readonly #sessions = new Map<string, StreamableHTTPServerTransport>();

  constructor(options: ServeOptions) {
    this.#options = options;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { token, onRequest } = this.#options;
    onRequest?.(request);
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
      return;
    }
    const body = await readJson(request);
    const transport = await this.#find(request, body);
    await transport.handleRequest(request, response, body);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((transport) => transport.close()));
  }

  async #find(request: IncomingMessage, body: unknown): Promise<StreamableHTTPServerTransport> {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? this.#sessions.get(id) : undefined;
    return known ?? this.#open(id === undefined && !isInitialize(body));
  }

  /** `single`: for one request without a session. */
  async #open(single: boolean): Promise<StreamableHTTPServerTransport> {
    const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
      enableJsonResponse: this.#options.json ?? false,
      ...(single ? {} : this.#keeping(() => transport)),
    });
    await makeDesk(this.#options).connect(transport);
    return transport;
  }

  #keeping(transport: () => StreamableHTTPServerTransport): object {
    return {
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id: string) => {
        this.#sessions.set(id, transport());
        const [oldest] = this.#sessions;
        if (oldest === undefined || this.#sessions.size <= sessionsMax) return;
        this.#sessions.delete(oldest[0]);
        void oldest[1].close();
      },
      onsessionclosed: (id: string) => {
        this.#sessions.delete(id);
      },
    };
  }
}

/** Undefined where there is none: GET and DELETE. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isInitialize(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'method' in body && body.method === 'initialize';
}
