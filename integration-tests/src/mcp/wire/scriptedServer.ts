// An MCP server by hand that says byte for byte what a test wants it to say, keeps what it was sent, and notices who leaves.
// It speaks both eras as far as a proxy has to know them, and serves nobody whose Host or Origin is not of this machine.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { waitMs } from './wireClient.ts';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** One character for each byte. */
  readonly body: string;
  /** The client left before the answer had ended. */
  hasLeft: boolean;
}

export type Script = (received: Received, response: ServerResponse) => void | Promise<void>;

/** What each session is called. */
export const serverSession = 'session-of-the-scripted-server';

const lookMs = 5;
const afterAnswerMs = 100;

export class ScriptedServer {
  received: Received[] = [];
  /** For every request that opens, lists or ends nothing. */
  script: Script = (_received, response) => void response.writeHead(405, { allow: 'POST' }).end();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  static async start(): Promise<ScriptedServer> {
    const scripted = new ScriptedServer();
    await once(scripted.#server.listen(0, '127.0.0.1'), 'listening');
    return scripted;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/mcp`;
  }

  /** The last request with such a body, once it has come; undefined when it does not. */
  async lastWith(part: string, timeMs = waitMs): Promise<Received | undefined> {
    const find = (): Received | undefined => this.received.findLast(({ body }) => body.includes(part));
    await this.until(() => find() !== undefined, timeMs);
    return find();
  }

  /** For a request that was answered, which few proxies do before they have passed it on. */
  answered(part: string): Promise<Received | undefined> {
    return this.lastWith(part, afterAnswerMs);
  }

  /** Whether it became so in time. */
  async until(isSo: () => boolean, timeMs = waitMs): Promise<boolean> {
    const endMs = performance.now() + timeMs;
    while (!isSo() && performance.now() < endMs) await delay(lookMs);
    return isSo();
  }

  close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    return Promise.resolve();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = { ...headOf(request), body: await readBody(request), hasLeft: false };
    response.on('close', () => (received.hasLeft = !response.writableFinished));
    this.received.push(received);
    if (!isOfThisMachine(received)) response.writeHead(403).end();
    else if (!answerByItself(received, response)) await this.script(received, response);
  }
}

function headOf({
  method = '',
  url: path = '',
  headers,
}: IncomingMessage): Omit<Received, 'body' | 'hasLeft'> {
  return { method, path, headers };
}

/** What was there when the sender broke off. */
async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  try {
    for await (const text of request.setEncoding('latin1')) body += String(text);
  } catch {
    return body;
  }
  return body;
}

function isOfThisMachine({ headers: { host = '', origin } }: Received): boolean {
  const urls = [`http://${host}`, ...(origin === undefined ? [] : [origin])];
  return urls.every((url) => ['127.0.0.1', 'localhost'].includes(URL.parse(url)?.hostname ?? ''));
}

/** So that a catalog can be pulled and a session opened whatever the script is. */
function answerByItself({ method, body }: Received, response: ServerResponse): boolean {
  if (method !== 'POST') return false;
  const { id = null, method: asked } = parse(body);
  const result = results[asked ?? ''];
  if (asked === 'notifications/initialized') response.writeHead(202).end();
  else if (result === undefined) return false;
  else {
    const session = asked === 'initialize' ? { 'mcp-session-id': serverSession } : {};
    response.writeHead(200, { 'content-type': 'application/json', ...session });
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
  }
  return true;
}

function parse(body: string): { readonly id?: unknown; readonly method?: string } {
  try {
    return JSON.parse(body) as object;
  } catch {
    return {};
  }
}

const serverInfo = { name: 'scripted', version: '1.0.0' };
const capabilities = { tools: {} };

const results: Readonly<Record<string, object>> = {
  initialize: { protocolVersion: '2025-11-25', capabilities, serverInfo },
  'server/discover': {
    resultType: 'complete',
    supportedVersions: ['2026-07-28'],
    capabilities,
    ttlMs: 0,
    cacheScope: 'private',
  },
  'tools/list': {
    tools: [
      {
        name: 'scripted',
        description: 'Answers as the test says.',
        inputSchema: {
          type: 'object',
          properties: { value: {}, region: { type: 'string', 'x-mcp-header': 'Region' } },
        },
      },
    ],
  },
};
