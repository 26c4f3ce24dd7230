// Real connections on loopback, by names that mean what the test says.
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type LookupFunction,
  type Socket,
} from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client, request } from 'undici';
import { AddressRanges } from './addressRanges.ts';
import type { DialPolicy } from './dialPolicy.ts';
import { refusalBehind } from './dialRefusal.ts';
import { makeGuardedConnector } from './guardedConnector.ts';

let server: Server;
let port: number;
let connections: Socket[];
let received: string[];
let answer: RequestListener;
let clients: Client[];

beforeEach(async () => {
  connections = [];
  received = [];
  clients = [];
  answer = (_, response) => response.end('{}');
  server = createServer((request, response) => {
    answer(request, response);
  });
  server.on('connection', (socket: Socket) => {
    connections.push(socket);
    socket.on('data', (chunk) => received.push(chunk.toString('latin1')));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  port = (server.address() as AddressInfo).port;
});

afterEach(async () => {
  await Promise.all(clients.map((client) => client.destroy()));
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const resolveTo =
  (...addresses: string[]): LookupFunction =>
  (_name, options, callback) => {
    // Each connection asks again: what was said before is over.
    const address = (addresses.length > 1 ? addresses.shift() : addresses[0]) as string;
    const family = address.includes(':') ? 6 : 4;
    if (options.all === true) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };

interface Dialling {
  readonly allow?: readonly string[];
  readonly written?: readonly URL[];
  readonly lookup?: LookupFunction;
  readonly report?: DialPolicy['report'];
}

function connectTo(url: string, { allow = [], written = [new URL(url)], lookup, report }: Dialling): Client {
  const policy = { allow: new AddressRanges(allow), ...(report === undefined ? {} : { report }) };
  const connect = makeGuardedConnector({
    policy,
    written,
    timeoutMs: 1_000,
    ...(lookup === undefined ? {} : { lookup }),
  });
  const client = new Client(url, { connect });
  clients.push(client);
  return client;
}

async function ask(dispatcher: Client, origin: string): Promise<string> {
  try {
    const { body } = await request(origin, { dispatcher });
    return await body.text();
  } catch (fault) {
    return refusalBehind(fault)?.message ?? `fault: ${(fault as Error).message}`;
  }
}

const dial = (url: string, dialling: Dialling = {}): Promise<string> => ask(connectTo(url, dialling), url);

describe('makeGuardedConnector', () => {
  it('reaches an address that was written, as it was written', async () => {
    expect(await dial(`http://127.0.0.1:${port}`)).toBe('{}');
    expect(await dial(`http://localhost:${port}`, { lookup: resolveTo('127.0.0.1') })).toBe('{}');
    expect(await dial(`http://0x7f.1:${port}`)).toBe('{}');
    expect(await dial(`http://[::ffff:127.0.0.1]:${port}`)).toBe('{}');
  });

  it('reaches no other than the one that was written', async () => {
    const written = [new URL(`http://127.0.0.1:${port}`)];
    const elsewhere = [new URL(`http://127.0.0.1:${port + 1}`), new URL('http://127.0.0.2')];
    expect(await dial(`http://127.0.0.1:${port}`, { written: elsewhere })).toMatch(/^127.0.0.1 is loopback/);
    expect(await dial(`http://localhost:${port}`, { written })).toMatch(/^localhost leads to 127.0.0.1/);
    expect(connections.length).toBe(2);
    expect(received).toEqual([]);
  });

  it('lets no name lead into a private range, and says what would have to be allowed', async () => {
    expect(await dial(`http://mcp.example:${port}`, { lookup: resolveTo('127.0.0.1') })).toBe(
      'mcp.example leads to 127.0.0.1, which is loopback: a range that has it would have to be allowed (dial.allow, --dial-allow)',
    );
    expect(received).toEqual([]);
  });

  it('lets it where the range is allowed', async () => {
    const lookup = resolveTo('127.0.0.1');
    expect(await dial(`http://mcp.example:${port}`, { lookup, allow: ['127.0.0.0/8'] })).toBe('{}');
    expect(await dial(`http://mcp.example:${port}`, { lookup, allow: ['10.0.0.0/8'] })).toMatch(/leads to/);
  });

  it('takes localhost for this machine alone', async () => {
    const policy = { lookup: resolveTo('127.0.0.1'), written: [new URL(`http://localhost.:${port}`)] };
    expect(await dial(`http://localhost.:${port}`, policy)).toMatch(/leads to/);
    expect(await dial(`http://a.localhost:${port}`, { lookup: resolveTo('127.0.0.1') })).toMatch(/leads to/);
  });

  it('judges each connection by its own address, whatever the name meant before', async () => {
    const lookup = resolveTo('127.0.0.2', '127.0.0.1');
    const client = connectTo(`http://mcp.example:${port}`, { lookup, allow: ['127.0.0.1'] });
    await new Promise((resolve) => server.close(resolve));
    await once(server.listen(port, '0.0.0.0'), 'listening');
    const origin = `http://mcp.example:${port}`;
    expect(await ask(client, origin)).toMatch(/leads to 127.0.0.2/);
    expect(await ask(client, origin)).toBe('{}');
    const back = connectTo(origin, { lookup: resolveTo('127.0.0.1', '127.0.0.2'), allow: ['127.0.0.1'] });
    answer = (_, response) => response.setHeader('connection', 'close').end('{}');
    expect(await ask(back, origin)).toBe('{}');
    expect(await ask(back, origin)).toMatch(/leads to 127.0.0.2/);
    expect(received.length).toBe(2);
  });

  it('judges once for a connection that stays', async () => {
    const reports: unknown[] = [];
    const report: DialPolicy['report'] = (place, refusal) => reports.push([place, refusal]);
    const client = connectTo(`http://127.0.0.1:${port}`, { report });
    for (let call = 0; call < 10; call += 1) await ask(client, `http://127.0.0.1:${port}`);
    expect(reports).toEqual([[`127.0.0.1:${port}`, undefined]]);
  });

  it('says nothing to whom it should not reach, not even for TLS', async () => {
    expect(await dial(`https://mcp.example:${port}`, { lookup: resolveTo('127.0.0.1') })).toMatch(/leads to/);
    expect(connections.length).toBe(1);
    await once(connections[0] as Socket, 'close');
    expect(received).toEqual([]);
  });

  it('says what TLS says to whom it may reach', async () => {
    expect(await dial(`https://127.0.0.1:${port}`)).toMatch(/^fault/);
    // The first byte of a handshake.
    expect(received.join('').charCodeAt(0)).toBe(0x16);
  });

  it('waits no longer for TLS than it may', async () => {
    const silent = createTcpServer((socket) => connections.push(socket));
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const startMs = performance.now();
    const { port: silentPort } = silent.address() as AddressInfo;
    expect(await dial(`https://127.0.0.1:${silentPort}`)).toMatch(/timeout/i);
    expect(performance.now() - startMs).toBeLessThan(2_500);
    for (const socket of connections) socket.destroy();
    silent.close();
  });

  it('ends in a fault where nobody listens, and where the name means nothing', async () => {
    await new Promise((resolve) => server.close(resolve));
    expect(await dial(`http://127.0.0.1:${port}`)).toMatch(/^fault: .*ECONNREFUSED/);
    const lookup: LookupFunction = (_name, _options, callback) => {
      callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), '');
    };
    expect(await dial('http://mcp.example', { lookup })).toBe('fault: no such name');
  });
});
