// Whoever answers is an enemy: elsewhere, slow, endless, larger than it looks, or another at each connection.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, LookupFunction, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AddressRanges } from './addressRanges.ts';
import { makeFetchBounded, type FetchBounded, type FetcherOptions } from './fetchBounded.ts';

const timeoutMs = 400;

let server: Server;
let sockets: Socket[];
let asked: string[];
let answer: RequestListener;
let url: URL;

beforeEach(async () => {
  sockets = [];
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  server.on('connection', (socket: Socket) => sockets.push(socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/document`);
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function make(change: Partial<FetcherOptions> = {}): FetchBounded {
  return makeFetchBounded({
    policy: { allow: new AddressRanges() },
    written: [url],
    timeoutMs,
    ...change,
  });
}

const outcomeOf = (fetched: Promise<unknown>): Promise<unknown> =>
  fetched.then(
    () => 'answered',
    (fault: unknown) => (fault as { kind: unknown }).kind,
  );

describe('makeFetchBounded', () => {
  it('reads a document of no more bytes than it may have', async () => {
    answer = (_, response) => response.setHeader('etag', '"1"').end('abc');
    const { status, bytes, etag } = await make()(url, { bytesMax: 3 });
    expect([status, Buffer.from(bytes).toString(), etag]).toEqual([200, 'abc', '"1"']);
    expect(await outcomeOf(make()(url, { bytesMax: 2 }))).toBe('too large');
  });

  it.each([301, 302, 303, 307, 308])('follows no %d', async (status) => {
    answer = (_, response) => response.writeHead(status, { location: '/elsewhere' }).end('x');
    expect(await make()(url, { bytesMax: 9 })).toMatchObject({ status, bytes: new Uint8Array() });
    expect(asked).toEqual(['/document']);
  });

  it.each<[string, unknown, RequestListener]>([
    ['silence', 'unreachable', () => undefined],
    ['a head that never ends', 'unreachable', (request) => request.socket.write('HTTP/1.1 200 OK\r\nx: y')],
    ['a body that never ends', 'unreachable', (_, response) => response.writeHead(200).write('x')],
    [
      'a body that drips',
      'unreachable',
      (_, response) => {
        const drip = setInterval(() => response.write('x'), 20);
        response.on('close', () => {
          clearInterval(drip);
        });
      },
    ],
    [
      'a body without a limit',
      'too large',
      (_, response) => {
        const pour = (): void => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
        };
        response.on('drain', pour);
        pour();
      },
    ],
    [
      'a small body that unpacks to a large one',
      'too large',
      (_, response) => {
        response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(10_000_000)));
      },
    ],
    [
      'one that unpacks without an end',
      'too large',
      (_, response) => {
        response.setHeader('content-encoding', 'gzip');
        const packed = createGzip({ level: 1 });
        packed.pipe(response);
        const pour = (): void => {
          while (!response.destroyed && packed.write(randomBytes(100_000)));
        };
        packed.on('drain', pour);
        pour();
      },
    ],
    [
      'half of it',
      'unreachable',
      (_, response) => {
        response.writeHead(200, { 'content-length': 9 }).write('x', () => response.destroy());
      },
    ],
    ['no HTTP', 'unreachable', (request) => request.socket.end('hello\r\n\r\n')],
    ['a reset', 'unreachable', (request) => request.socket.resetAndDestroy()],
  ])('survives %s', async (_what, kind, listener) => {
    answer = listener;
    const startMs = performance.now();
    expect(await outcomeOf(make()(url, { bytesMax: 1_000 }))).toBe(kind);
    expect(performance.now() - startMs).toBeLessThan(timeoutMs + 1_000);
    const [socket] = sockets as [Socket];
    // An error that it ends with is its end.
    while (!socket.destroyed) await delay(5);
  });

  it('reads so many at once, and refuses the next', async () => {
    answer = (_, response) => setTimeout(() => response.end('x'), 50);
    const fetchBounded = make({ atOnceMax: 2 });
    const read = (): Promise<unknown> => outcomeOf(fetchBounded(url, { bytesMax: 9 }));
    expect(await Promise.all([read(), read(), read()])).toEqual(['answered', 'answered', 'too many']);
    expect(await read()).toBe('answered');
  });

  it('reaches what was written, and nothing that a document of it names beside', async () => {
    answer = (_, response) => response.end('x');
    const fetchBounded = make({ written: [new URL('http://127.0.0.1:1/')] });
    expect(await outcomeOf(fetchBounded(url, { bytesMax: 9 }))).toBe('refused');
    const local = new URL(url);
    local.hostname = 'localhost';
    expect(await outcomeOf(make()(local, { bytesMax: 9 }))).toBe('refused');
    expect(asked).toEqual([]);
  });

  it('is not led elsewhere by a name that changes its meaning', async () => {
    answer = (_, response) => response.setHeader('connection', 'close').end('x');
    const meanings = ['127.0.0.1', '127.0.0.2', '127.0.0.1'];
    const lookup: LookupFunction = (_name, options, callback) => {
      const address = meanings.shift() ?? '';
      if (options.all === true) callback(null, [{ address, family: 4 }]);
      else callback(null, address, 4);
    };
    await new Promise((resolve) => server.close(resolve));
    await once(server.listen(Number(url.port), '0.0.0.0'), 'listening');
    url.hostname = 'keys.example';
    const fetchBounded = make({ lookup, policy: { allow: new AddressRanges(['127.0.0.1']) } });
    const outcomes = [];
    for (let time = 0; time < 3; time += 1)
      outcomes.push(await outcomeOf(fetchBounded(url, { bytesMax: 9 })));
    expect(outcomes).toEqual(['answered', 'refused', 'answered']);
    expect(asked.length).toBe(2);
  });
});
