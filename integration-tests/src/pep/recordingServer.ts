// An MCP server that keeps every byte that reaches it, and answers whatever it is asked, in both eras and in arrays.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly path: string;
  /** Names in lower case and values, in turn. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

interface Message {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: { readonly protocolVersion?: string };
}

export class RecordingServer {
  readonly received: Received[] = [];
  /** Takes the place of the answer, where the test wants another. */
  answer: ((request: IncomingMessage, response: ServerResponse, body: Buffer) => void) | undefined;
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.#receive(request, response, Buffer.concat(chunks));
    });
  });
  #sessions = 0;

  /** Its URL, once it listens. */
  async start(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/mcp`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  #receive(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const { method = '', url = '', rawHeaders } = request;
    const headers = rawHeaders.map((text, at) => (at % 2 === 0 ? text.toLowerCase() : text));
    this.received.push({ method, path: url, headers, body });
    if (this.answer !== undefined) this.answer(request, response, body);
    else if (method === 'POST') this.#answerAll(response, JSON.parse(body.toString()) as Message | Message[]);
    else response.writeHead(method === 'DELETE' ? 200 : 405).end();
  }

  #answerAll(response: ServerResponse, body: Message | Message[]): void {
    const messages = Array.isArray(body) ? body : [body];
    const answers = messages.flatMap(answerOf);
    if (answers.length === 0) {
      response.writeHead(202).end();
      return;
    }
    const isOpening = messages.some(({ method }) => method === 'initialize');
    if (isOpening) this.#sessions += 1;
    response.writeHead(200, {
      'content-type': 'application/json',
      ...(isOpening ? { 'mcp-session-id': `session-${this.#sessions}` } : {}),
    });
    response.end(JSON.stringify(Array.isArray(body) ? answers : answers[0]));
  }
}

function answerOf({ id, method, params }: Message): object[] {
  if (id === undefined || method === undefined) return [];
  return [{ jsonrpc: '2.0', id, result: resultOf(method, params?.protocolVersion) }];
}

function resultOf(method: string, protocolVersion = '2025-11-25'): object {
  switch (method) {
    case 'initialize':
      return { protocolVersion, capabilities: {}, serverInfo: { name: 'desk', version: '1' } };
    case 'tools/list':
      return { tools: [{ name: 'refund', inputSchema: { type: 'object' } }, { name: 'hidden' }] };
    case 'resources/read':
      return { contents: [] };
    case 'prompts/get':
      return { messages: [] };
    case 'completion/complete':
      return { completion: { values: [] } };
    default:
      return { content: [{ type: 'text', text: 'done' }] };
  }
}
