// A server with sessions that is written down to the byte: it names its sessions and events itself, answers calls as
// events, keeps all events in one place, and replays whichever it is asked for.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly name?: string; readonly requestState?: string };
}

interface KeptEvent {
  readonly stream: string;
  readonly text: string;
}

export class SessionServer {
  /** Of every request, as they came: names in lower case and values, and the body. */
  readonly received: string[] = [];
  readonly sessions = new Set<string>();
  /** Calls that are not answered until somebody says so. */
  readonly #waiting = new Map<string, () => void>();
  readonly #events: KeptEvent[] = [];
  readonly #listening = new Map<string, ServerResponse>();
  readonly #server = createServer((request, response) => {
    void this.#serve(request, response);
  });

  async start(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/mcp`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Answers what waits in that session, on whatever stream is open. */
  release(): void {
    for (const answer of this.#waiting.values()) answer();
    this.#waiting.clear();
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** On the streams that clients have opened themselves. */
  notify(method: string): void {
    for (const [session, response] of this.#listening) {
      response.write(this.#keep(`${session} GET`, { jsonrpc: '2.0', method }));
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    this.received.push(`${request.method ?? ''} ${request.rawHeaders.join(' ')} ${body}`);
    const session = String(request.headers['mcp-session-id'] ?? '');
    const isStateless = request.headers['mcp-protocol-version'] === '2026-07-28';
    if (body.includes('"initialize"')) this.#open(JSON.parse(body) as Message, response);
    else if (isStateless) answerRound(JSON.parse(body) as Message, response);
    else if (!this.sessions.has(session)) answerUnknown(session, response);
    else if (request.method === 'DELETE') this.#end(session, response);
    else if (request.method === 'GET') this.#listen(session, request, response);
    else this.#answer(session, JSON.parse(body) as Message, response);
  }

  #open({ id }: Message, response: ServerResponse): void {
    const session = `upstream-session-${this.sessions.size + 1}`;
    this.sessions.add(session);
    const capabilities = { tools: { listChanged: true } };
    const serverInfo = { name: 'desk', version: '1' };
    const result = { protocolVersion: '2025-11-25', capabilities, serverInfo };
    response.writeHead(200, { 'content-type': 'text/event-stream', 'mcp-session-id': session });
    response.write(': soon\n\n');
    response.end(`data: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`);
  }

  #end(session: string, response: ServerResponse): void {
    this.sessions.delete(session);
    this.#listening.get(session)?.end();
    this.#listening.delete(session);
    response.writeHead(200).end();
  }

  #listen(session: string, request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'mcp-session-id': session });
    const last = request.headers['last-event-id'];
    if (typeof last !== 'string') {
      this.#listening.set(session, response);
      response.write(': listening\n\n');
      return;
    }
    const from = Number(last.slice('event-'.length)) - 1;
    const { stream } = this.#events[from] ?? { stream: '' };
    const missed = this.#events.slice(from + 1).filter((event) => event.stream === stream);
    response.end(missed.map(({ text }) => text).join(''));
  }

  #answer(session: string, { id, params }: Message, response: ServerResponse): void {
    if (id === undefined) {
      response.writeHead(202).end();
      return;
    }
    const stream = `${session} ${id}`;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'mcp-session-id': session });
    response.write(this.#keep(stream, undefined));
    const text = `${params?.name ?? ''} in ${this.sessions.size} sessions`;
    const answer = (): void => {
      const message = { jsonrpc: '2.0', id, result: { content: [{ type: 'text', text }] } };
      response.end(this.#keep(stream, message));
    };
    if (params?.name === 'search_tickets') this.#waiting.set(stream, answer);
    else answer();
  }

  #keep(stream: string, message: object | undefined): string {
    const data = message === undefined ? '' : JSON.stringify(message);
    const text = `id: event-${this.#events.length + 1}\ndata: ${data}\n\n`;
    this.#events.push({ stream, text });
    return text;
  }
}

/** It quotes what it was asked for. */
function answerUnknown(session: string, response: ServerResponse): void {
  const error = { code: -32001, message: `there is no session ${session}` };
  response.writeHead(404, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error }));
}

/** Asks for one more round, and says then what it was given. */
function answerRound({ id, params }: Message, response: ServerResponse): void {
  const state = params?.requestState;
  const content = [{ type: 'text', text: `state: ${state ?? ''}` }];
  const result =
    state === undefined
      ? { resultType: 'input_required', requestState: 'upstream-state' }
      : { resultType: 'complete', content };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
}
