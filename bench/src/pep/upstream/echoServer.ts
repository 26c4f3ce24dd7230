// The echo over HTTP, on node:http alone. At `/mcp` it has no sessions and answers a GET with 405; at `/sessions/mcp` it
// hands out session ids, and a GET opens a stream on which nothing ever happens.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerMessage, opensSession } from './echo.ts';

export interface EchoUrls {
  readonly plain: string;
  readonly withSessions: string;
}

const paths = { plain: '/mcp', withSessions: '/sessions/mcp' } as const;

/** Longer than any pause between two rounds: no proxy shall meet a connection that is just being closed. */
const keepAliveTimeoutMs = 600_000;

/** On a free port of loopback, for as long as the process lives. */
export async function startEchoServer(): Promise<EchoUrls> {
  const server = createServer(
    { keepAliveTimeout: keepAliveTimeoutMs, requestTimeout: 0 },
    (request, response) => {
      response.sendDate = false;
      if (request.method === 'POST') answerPost(request, response);
      else if (request.method === 'GET' && request.url === paths.withSessions) holdStream(response);
      else response.writeHead(405, { 'content-length': 0 }).end();
    },
  );
  await listen(server);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { plain: origin + paths.plain, withSessions: origin + paths.withSessions };
}

async function listen(server: Server): Promise<void> {
  await once(server.listen({ host: '127.0.0.1', port: 0, backlog: 4_096 }), 'listening');
}

function answerPost(request: IncomingMessage, response: ServerResponse): void {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (part: string) => {
    text += part;
  });
  request.on('end', () => {
    const answer = answerMessage(text);
    if (answer === undefined) {
      response.writeHead(202, { 'content-length': 0 }).end();
      return;
    }
    const isNew = request.url === paths.withSessions && opensSession(text);
    response
      .writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(answer),
        ...(isNew ? { 'mcp-session-id': randomUUID() } : {}),
      })
      .end(answer);
  });
}

function holdStream(response: ServerResponse): void {
  response
    .writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    .flushHeaders();
}
