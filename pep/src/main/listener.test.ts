import { once } from 'node:events';
import { Agent, request as sendRequest, type RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../../test/until.ts';
import { resolveProxyLimits } from '../limits.ts';
import { Listener } from './listener.ts';

let listener: Listener;
let url: string;

async function listen(handle: RequestListener, limits = {}): Promise<void> {
  listener = new Listener(handle, resolveProxyLimits(limits));
  url = await listener.open('127.0.0.1', 0);
}

interface Answer {
  readonly status: number;
  readonly connection: string;
}

/** Rejects with what the connection says. */
function call(agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = sendRequest(url, { method: 'POST', ...(agent === undefined ? {} : { agent }) });
    request.on('error', reject);
    request.on('response', (response) => {
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, connection: response.headers.connection ?? '' });
      });
      response.resume();
    });
    request.end('{}');
  });
}

const plainRequest = 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n';

async function open(): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket.resume();
}

async function ask(socket: Socket): Promise<void> {
  socket.write(plainRequest);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toContain('200 OK');
}

afterEach(() => listener.drain(0));

describe('a listener that drains', () => {
  it('answers what has begun, says that the connection ends, and accepts nothing more', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    let begun = 0;
    await listen((_, response) => {
      begun += 1;
      void promise.then(() => response.end('done'));
    });
    const agent = new Agent({ keepAlive: true });
    const calls = [call(agent), call(agent)];
    await until(() => begun === 2);
    const drained = listener.drain(10_000);
    await expect(call()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    resolve(undefined);
    expect(await Promise.all(calls)).toEqual(Array(2).fill({ status: 200, connection: 'close' }));
    await drained;
  });

  it('loses no call of clients that keep their connections', async () => {
    await listen((_, response) => response.end('done'));
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    let answered = 0;
    const ends = await Promise.all([
      until(() => answered > 200).then(() => listener.drain(10_000)),
      ...Array.from({ length: 8 }, async () => {
        for (;;) {
          const answer = await call(agent).catch((fault: unknown) => fault as NodeJS.ErrnoException);
          if ('code' in answer) return answer.code;
          answered += 1;
        }
      }),
    ]);
    agent.destroy();
    expect(ends.slice(1)).toEqual(Array(8).fill('ECONNREFUSED'));
  });

  it('does not wait for ever, nor for connections that nobody uses', async () => {
    await listen((_, response) => response.end('done'));
    const agent = new Agent({ keepAlive: true });
    await call(agent);
    const startMs = performance.now();
    await listener.drain(60_000);
    expect(performance.now() - startMs).toBeLessThan(5_000);
    agent.destroy();
    await listen(() => undefined);
    const hanging = call().catch((fault: unknown) => (fault as NodeJS.ErrnoException).code);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await listener.drain(100);
    expect(await hanging).toBe('ECONNRESET');
  });
});

describe('limits', () => {
  it.each<[string, object, string, string]>([
    [
      'headers',
      { headerBytesMax: 1_000 },
      `GET / HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(2_000)}\r\n\r\n`,
      'HTTP/1.1 431 ',
    ],
    ['the time that headers may take', { headersTimeoutMs: 100 }, 'GET / HTTP/1.1\r\n', 'HTTP/1.1 408 '],
  ])('bound %s', async (_, limits, sent, wanted) => {
    await listen((_request, response) => response.end('done'), limits);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(sent);
    let received = '';
    for await (const chunk of socket) received += String(chunk);
    expect(received.slice(0, wanted.length)).toBe(wanted);
  });

  it('bound connections: the one that is idle for longest gives way to whoever comes', async () => {
    await listen((_request, response) => response.end('done'), { connectionsMax: 2 });
    const [first, second] = [await open(), await open()];
    await ask(first);
    const gone = once(second, 'close');
    const third = await open();
    await gone;
    await ask(third);
    await ask(first);
    expect([first.destroyed, third.destroyed]).toEqual([false, false]);
    for (const socket of [first, third]) socket.destroy();
  });

  it('bound connections: none on which a request is under way gives way', async () => {
    let begun = 0;
    await listen(() => (begun += 1), { connectionsMax: 2 });
    const busy = [await open(), await open()];
    for (const socket of busy) socket.write(plainRequest);
    await until(() => begun === 2);
    await once(await open(), 'close');
    expect(busy.map(({ destroyed }) => destroyed)).toEqual([false, false]);
    for (const socket of busy) socket.destroy();
  });

  it('make one credential of two, which is none', async () => {
    let seen: string | undefined;
    await listen((request, response) => {
      seen = request.headers.authorization;
      response.end();
    });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(
      'GET / HTTP/1.1\r\nhost: a\r\nauthorization: Bearer a\r\nauthorization: Bearer b\r\nconnection: close\r\n\r\n',
    );
    await once(socket.resume(), 'close');
    expect(seen).toBe('Bearer a, Bearer b');
  });
});
