import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AddressRanges } from '@cardea/dial';
import { until } from '../../test/until.ts';
import { HttpUpstream, type HttpCall } from './httpUpstream.ts';
import type { UpstreamReply } from './upstreamReply.ts';

const dial = { allow: new AddressRanges() };
const timeouts = { connectMs: 400, answerMs: 1_200 };

let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let seen: { head: string[]; body: Buffer }[];
let sockets: Socket[];
let upstream: HttpUpstream;
let ends: (() => void)[];

const listen = async (listener: {
  listen(port: number, host: string): unknown;
  address(): unknown;
}): Promise<number> => {
  await once(listener.listen(0, '127.0.0.1') as Server, 'listening');
  return (listener.address() as AddressInfo).port;
};

const connectTo = (port: number | string): HttpUpstream =>
  new HttpUpstream(
    {
      id: 'desk',
      upstream: new URL(`http://127.0.0.1:${port}/mcp?tenant=a`),
      credential: () => undefined,
      timeouts,
    },
    dial,
  );

beforeEach(async () => {
  seen = [];
  sockets = [];
  ends = [];
  answer = (_, response) => response.end('{}');
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({
        head: [`${request.method ?? ''} ${request.url ?? ''}`, ...request.rawHeaders],
        body: Buffer.concat(chunks),
      });
      answer(request, response);
    });
  });
  server.on('connection', (socket: Socket) => sockets.push(socket));
  upstream = connectTo(await listen(server));
});

afterEach(async () => {
  await upstream.close();
  server.closeAllConnections();
  if (server.listening) await new Promise((resolve) => server.close(resolve));
});

function send(call: Partial<HttpCall> = {}): Promise<UpstreamReply> {
  return upstream.send({
    method: 'POST',
    headers: { host: 'up.example:1', 'content-type': 'application/json' },
    body: Buffer.from('{"a":1}'),
    signal: { onAbort: (end) => ends.push(end) },
    ...call,
  });
}

async function timed(task: () => Promise<unknown>): Promise<{ outcome: unknown; ms: number }> {
  const startMs = performance.now();
  const outcome = await task().catch((fault: unknown) => (fault as { code: unknown }).code);
  return { outcome, ms: performance.now() - startMs };
}

function readAll(reply: UpstreamReply): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    reply.on('data', (chunk) => (text += chunk.toString('latin1')));
    reply.on('end', () => {
      resolve(text);
    });
    reply.on('error', reject);
  });
}

describe('Upstream', () => {
  it('sends the bytes that it was given, and nothing of its own but what HTTP needs', async () => {
    const body = Buffer.from('{"a" : 1.0,\n"\\u0062":"\u00e9"}');
    await readAll(await send({ body }));
    expect(seen[0]?.body.equals(body)).toBe(true);
    expect(seen[0]?.head).toEqual([
      'POST /mcp?tenant=a',
      'host',
      'up.example:1',
      'connection',
      'keep-alive',
      'content-type',
      'application/json',
      'content-length',
      String(body.length),
    ]);
  });

  it.each(['GET', 'DELETE'] as const)('sends a %s without a body', async (method) => {
    await readAll(await send({ method, body: undefined, headers: { host: 'h' } }));
    expect(seen[0]?.body.length).toBe(0);
    expect(seen[0]?.head.join()).not.toMatch(/content-type|transfer-encoding|content-length,[1-9]/i);
  });

  it('uses connections again, and forgets no call', async () => {
    for (let time = 0; time < 20; time += 1) expect(await readAll(await send())).toBe('{}');
    expect(sockets.length).toBeLessThanOrEqual(2);
    await Promise.all(Array.from({ length: 50 }, async () => readAll(await send())));
    expect(seen.length).toBe(70);
  });

  it('says nothing of what a server says before its answer', async () => {
    answer = (_, response) => {
      response.writeProcessing();
      response.writeEarlyHints({ link: '</a>; rel=preload' });
      response.writeHead(201).end('x');
    };
    const reply = await send();
    expect([reply.statusCode, await readAll(reply)]).toEqual([201, 'x']);
  });

  it('follows nobody to elsewhere', async () => {
    answer = (_, response) => response.writeHead(307, { location: '/elsewhere' }).end();
    expect((await send()).statusCode).toBe(307);
    expect(seen.length).toBe(1);
  });

  it('never sends twice, even if the answer was lost', async () => {
    await readAll(await send());
    answer = (request) => request.socket.resetAndDestroy();
    expect((await timed(send)).outcome).toBe('upstream_unavailable');
    answer = (request) => request.socket.destroy();
    expect((await timed(send)).outcome).toBe('upstream_unavailable');
    expect(seen.length).toBe(3);
  });

  it.each<[string, string]>([
    ['no HTTP', 'hello\r\n\r\n'],
    ['HTTP of another kind', 'HTTP/9.9 200 OK\r\n\r\n'],
    ['a head that is too long', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    [
      'a switch of protocols',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    ],
    ['nothing', ''],
  ])('takes %s for no answer', async (_, text) => {
    answer = (request) => request.socket.end(text);
    expect((await timed(send)).outcome).toBe('upstream_unavailable');
  });

  it('tells when an answer breaks off', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('ab');
      setTimeout(() => response.destroy(), 20);
    };
    await expect(readAll(await send())).rejects.toThrow();
  });

  it('gives up at once where nobody listens', async () => {
    await upstream.close();
    const closed = createTcpServer();
    upstream = connectTo(await listen(closed));
    closed.close();
    const { outcome, ms } = await timed(send);
    expect(outcome).toBe('upstream_unavailable');
    expect(ms).toBeLessThan(timeouts.connectMs);
  });

  it('leaves a server alone that cannot be reached, and finds out with one call whether it is back', async () => {
    const { port } = new URL(upstream.config.upstream);
    let nowMs = 0;
    await upstream.close();
    upstream = new HttpUpstream(upstream.config, dial, () => nowMs);
    await new Promise((resolve) => server.close(resolve));
    const messages: string[] = [];
    const fail = (): Promise<unknown> =>
      send().catch((fault: unknown) => messages.push((fault as Error).message));
    for (let call = 0; call < 10; call += 1) await fail();
    expect(messages.slice(0, 8)).toEqual(Array(8).fill('the server cannot be reached'));
    expect(messages.slice(8)).toEqual(
      Array(2).fill('the server keeps failing, and is left alone for a moment'),
    );
    await once(server.listen(Number(port), '127.0.0.1'), 'listening');
    nowMs += 1_000;
    const both = [timed(send), timed(send)];
    expect((await both[1])?.outcome).toBe('upstream_unavailable');
    await both[0];
    expect(seen.length).toBe(1);
    await Promise.all([send(), send()]);
    expect(seen.length).toBe(3);
  });

  it('leaves a server alone that answers nobody in time, whoever else gives up', async () => {
    answer = () => undefined;
    await Promise.all(Array.from({ length: 8 }, () => timed(send)));
    expect((await timed(send)).ms).toBeLessThan(100);
    expect(seen.length).toBe(8);
  });

  it('does not leave a server alone for what a call can bring about, nor for clients that leave', async () => {
    answer = (request) => request.socket.destroy();
    for (let call = 0; call < 10; call += 1) await timed(send);
    answer = () => undefined;
    const calls = Array.from({ length: 10 }, () => timed(send));
    await until(() => seen.length === 20);
    for (const end of ends) end();
    await Promise.all(calls);
    await Promise.all(Array.from({ length: 8 }, () => timed(() => send({ method: 'GET', body: undefined }))));
    answer = (_, response) => response.end('{}');
    expect(await readAll(await send())).toBe('{}');
  });

  it('waits no longer to be connected than it may', async () => {
    await upstream.close();
    // Nobody answers in this network (RFC 5737), where there is a way to it at all.
    const nowhere = new URL('http://192.0.2.1:9/mcp');
    upstream = new HttpUpstream({ ...upstream.config, upstream: nowhere }, dial);
    const { outcome, ms } = await timed(send);
    expect(outcome).toBe('upstream_unavailable');
    expect(ms).toBeLessThan(timeouts.connectMs + 1_000);
  });

  it('waits no longer for an answer than it may', async () => {
    answer = () => undefined;
    const { outcome, ms } = await timed(send);
    expect(outcome).toBe('upstream_timeout');
    expect(ms).toBeGreaterThan(timeouts.answerMs - 100);
    expect(ms).toBeLessThan(timeouts.answerMs + 1_500);
    await until(() => sockets.every((socket) => socket.destroyed));
  });

  it('ends the call when the client leaves before the answer', async () => {
    answer = () => undefined;
    const call = timed(send);
    await until(() => seen.length === 1);
    for (const end of ends) end();
    expect((await call).outcome).toBe('upstream_unavailable');
    await until(() => sockets[0]?.destroyed === true);
  });

  it('does not send for a client that has left already', async () => {
    const call = timed(() =>
      send({
        signal: {
          onAbort: (end) => {
            end();
          },
        },
      }),
    );
    expect((await call).outcome).toBe('upstream_unavailable');
    expect(seen.length).toBe(0);
  });
});
