// Connections, before and after a credential has come on them: whoever holds none shuts nobody out.
import { connect, type Socket } from 'node:net';
import { afterEach, beforeAll, afterAll, describe, expect, it } from '@jest/globals';
import type { ServiceLimits } from '../src/limits.ts';
import { tokens } from './client.ts';
import { callOf, mcpSources, pinGuardrail } from './mcpSources.ts';
import { TestArchive } from './testArchive.ts';
import { TestService, until } from './testService.ts';

const issue = callOf('github/create_issue', { title: 'x' });

let archive: TestArchive;
let service: TestService;
const connections: Connection[] = [];

beforeAll(async () => {
  archive = await TestArchive.create('mcp', await pinGuardrail());
  await archive.publish(mcpSources);
  archive.keepStating();
});

afterEach(async () => {
  for (const { socket } of connections.splice(0)) socket.destroy();
  await service.close();
});

afterAll(() => archive.remove());

async function start(limits: Partial<ServiceLimits>): Promise<void> {
  service = await TestService.start(archive, { workers: 1, limits });
}

class Connection {
  readonly socket: Socket;
  received = '';
  isOpen = true;

  constructor() {
    const { hostname, port } = new URL(service.address);
    this.socket = connect(Number(port), hostname);
    this.socket.on('error', () => undefined);
    this.socket.on('data', (chunk) => (this.received += chunk.toString()));
    this.socket.on('close', () => {
      this.isOpen = false;
    });
    connections.push(this);
  }

  /** Resolves with its status when it was answered. */
  async ask(path: string, token?: string): Promise<string> {
    this.received = '';
    const credential = token === undefined ? '' : `authorization: Bearer ${token}\r\n`;
    this.socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n${credential}\r\n`);
    await until(() => this.received.includes('\r\n\r\n') || !this.isOpen);
    return this.received.split(' ')[1] ?? '';
  }
}

const openMany = (count: number): Connection[] => Array.from({ length: count }, () => new Connection());
const countOpen = (of: readonly Connection[]): number => of.filter(({ isOpen }) => isOpen).length;

describe('connections on which no credential has come', () => {
  it('give way to the next of their address, the oldest first, and never one that was let in', async () => {
    await start({ strangersMax: 4 });
    const known = new Connection();
    expect(await known.ask('/v1/bundles/current', tokens.author)).toBe('200');
    const strangers = openMany(20);
    for (const { socket } of strangers) socket.write('GET /h');
    await until(() => countOpen(strangers) === 4);
    expect((await service.evaluate(issue)).body['decision']).toBe(true);
    expect(await known.ask('/v1/bundles/current', tokens.author)).toBe('200');
  });

  it('give way where there is no more room at all', async () => {
    await start({ connectionsMax: 8, strangersMax: 100 });
    const strangers = openMany(30);
    await until(() => countOpen(strangers) <= 8);
    for (let round = 0; round < 5; round += 1)
      expect((await service.evaluate(issue)).body['decision']).toBe(true);
  });

  it('end with their answer', async () => {
    await start({});
    const stranger = new Connection();
    expect(await stranger.ask('/readyz')).toBe('200');
    await until(() => !stranger.isOpen);
    const wrong = new Connection();
    expect(await wrong.ask('/v1/bundles/current', 'wrong')).toBe('401');
    await until(() => !wrong.isOpen);
  });
});

describe('a connection on which a credential has come', () => {
  it('stays open, whatever is asked on it', async () => {
    await start({});
    const known = new Connection();
    for (const path of ['/v1/bundles/current', '/readyz', '/v1/bundles/current'])
      expect(await known.ask(path, tokens.author)).toBe('200');
    expect(known.isOpen).toBe(true);
  });

  it('is not ended for another one: that is refused, and closed where its sender does not', async () => {
    await start({ connectionsMax: 2 });
    const known = openMany(2);
    for (const one of known) expect(await one.ask('/v1/bundles/current', tokens.author)).toBe('200');
    const { hostname, port } = new URL(service.address);
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('error', () => undefined);
    await until(() => received.includes('"code":"overloaded"'));
    await until(() => {
      socket.write('x');
      return socket.destroyed;
    });
    expect(countOpen(known)).toBe(2);
  });
});
