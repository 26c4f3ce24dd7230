// The link against a real Redis that hangs, dies, comes back, wants a password, or was never there, and against one that
// is none.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { describeWithRedis, RedisServer } from '../../test/redisServer.ts';
import { until } from '../../test/until.ts';
import type { RedisPlace } from '../config/redisConfig.ts';
import { Secret } from '../config/secret.ts';
import type { Problem } from '../health/problems.ts';
import type { RedisAnswer } from './redisAnswer.ts';
import { RedisEntries } from './redisEntries.ts';
import { RedisLink } from './redisLink.ts';

/** What an answer may take at most, with what the machine takes beside. */
const answerMsMax = 1_000;

let link: RedisLink;
let password: Secret | undefined;
let problem: Problem | undefined;

function connect(place: RedisPlace, keyPrefix = 'cardea:'): RedisEntries {
  link = new RedisLink({
    config: { place, database: 0, keyPrefix },
    secrets: () => (password === undefined ? {} : { password }),
    now: () => performance.now(),
    random: () => 0.5,
    report: (_, found) => (problem = found),
  });
  return new RedisEntries(link);
}

/** On a machine that is busy an answer may come too late: another one comes. */
async function readAgain(entries: RedisEntries, key: string, bytesMax: number): Promise<RedisAnswer<Buffer>> {
  let answer: RedisAnswer<Buffer> | undefined;
  await until(async () => (answer = await entries.read(key, bytesMax)).kind === 'answered');
  return answer as RedisAnswer<Buffer>;
}

async function writeAgain(entries: RedisEntries, key: string, text: string): Promise<void> {
  await until(async () => (await entries.write(key, Buffer.from(text), 60_000)).kind === 'answered');
}

async function timed<T>(task: () => Promise<T>): Promise<{ readonly answer: T; readonly ms: number }> {
  const startMs = performance.now();
  const answer = await task();
  return { answer, ms: performance.now() - startMs };
}

beforeEach(() => {
  password = undefined;
  problem = undefined;
});

afterEach(() => {
  link.close();
});

const failed = (why: string): object => ({ kind: 'failed', why });
const answered = (text: string): object => ({ kind: 'answered', value: Buffer.from(text) });

describeWithRedis('RedisLink', () => {
  let server: RedisServer;

  beforeAll(async () => {
    server = await RedisServer.start();
  });

  afterAll(() => server.stop());

  const node = (): RedisPlace => ({ kind: 'node', host: '127.0.0.1', port: server.port });
  const socket = (): RedisPlace => ({ kind: 'socket', path: server.socket });
  const up = (): Promise<unknown> => until(() => link.isUp);

  it.each([
    ['TCP', node],
    ['a unix socket', socket],
  ])('keeps and finds bytes over %s, no more than are wanted', async (name, place) => {
    const entries = connect(place(), `${name.length}:`);
    expect(await entries.read('a', 10)).toEqual(failed('unreachable'));
    await up();
    expect(await readAgain(entries, 'a', 10)).toEqual(answered(''));
    await writeAgain(entries, 'a', '0123456789abc');
    expect(await readAgain(entries, 'a', 100)).toEqual(answered('0123456789abc'));
    expect(await readAgain(entries, 'a', 4)).toEqual(answered('01234'));
  });

  it('lets entries end by themselves', async () => {
    const entries = connect(node());
    await up();
    await entries.write('brief', Buffer.from('x'), 10);
    await until(async () => {
      const answer = await entries.read('brief', 10);
      return answer.kind === 'answered' && answer.value.length === 0;
    });
  });

  it('costs those who wait, and then nobody, while Redis hangs', async () => {
    const entries = connect(node());
    await up();
    await writeAgain(entries, 'a', 'x');
    server.pause();
    const first = await timed(() => Promise.all(Array.from({ length: 64 }, () => entries.read('a', 10))));
    expect(new Set(first.answer.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify(failed('timed_out'))]),
    );
    expect(first.ms).toBeGreaterThan(15);
    expect(first.ms).toBeLessThan(answerMsMax);
    let waitedMs = 0;
    for (let at = 0; at < 40; at += 1) {
      const later = await timed(() => entries.read('a', 10));
      expect(later.answer).toEqual(failed('unreachable'));
      waitedMs += later.ms;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(waitedMs).toBeLessThan(answerMsMax);
    await until(() => problem !== undefined);
    expect(problem).toMatchObject({ code: 'redis_unreachable' });
    server.resume();
    await up();
    expect(await readAgain(entries, 'a', 10)).toEqual(answered('x'));
    expect(problem).toBeUndefined();
  });

  it('is back by itself after Redis was killed and started again, empty', async () => {
    const entries = connect(socket());
    await up();
    await writeAgain(entries, 'a', 'x');
    await server.kill();
    const { answer, ms } = await timed(() => entries.read('a', 10));
    expect(answer).toEqual(failed('unreachable'));
    expect(ms).toBeLessThan(answerMsMax);
    await server.run();
    await up();
    expect(await readAgain(entries, 'a', 10)).toEqual(answered(''));
  });

  it('takes another password when the one from before is refused', async () => {
    await server.kill();
    await server.run('--requirepass', 'right');
    password = new Secret('wrong');
    const entries = connect(node());
    await until(() => problem !== undefined);
    expect(problem).toMatchObject({ detail: 'it answers WRONGPASS' });
    expect(await entries.read('a', 10)).toEqual(failed('unreachable'));
    password = new Secret('right');
    await up();
    expect(await readAgain(entries, 'a', 10)).toEqual(answered(''));
    await server.kill();
    await server.run();
  });

  it('says that Redis refused what it refuses', async () => {
    const entries = connect(node());
    await up();
    await link.ask((client) => client.lpush('cardea:list', 'x'));
    expect(await entries.read('list', 10)).toEqual(failed('refused'));
    expect(await link.ask((client) => client.call('NONSENSE', 'x'))).toEqual(failed('refused'));
    expect(await link.ask(() => Promise.reject(new Error('x')))).toEqual(failed('unreachable'));
    expect(
      await link.ask(() => {
        throw new Error('x');
      }),
    ).toEqual(failed('unreachable'));
  });

  it('sends no more at once than a server can bear', async () => {
    connect(node());
    await up();
    const { promise, resolve } = Promise.withResolvers<string>();
    const all = Array.from({ length: 1_100 }, () => link.ask(() => promise));
    resolve('done');
    const kinds = (await Promise.all(all)).map((answer) =>
      answer.kind === 'failed' ? answer.why : 'answered',
    );
    expect(kinds.filter((kind) => kind === 'answered').length).toBe(1_024);
    expect(kinds.filter((kind) => kind === 'overloaded').length).toBe(76);
  });

  it('blames nobody else when this process was busy', async () => {
    const entries = connect(node());
    await up();
    await writeAgain(entries, 'a', 'x');
    const answer = entries.read('a', 10);
    await new Promise((resolve) => setImmediate(resolve));
    const endMs = performance.now() + 300;
    while (performance.now() < endMs);
    expect(await answer).toEqual(answered('x'));
  });
});

describe('RedisLink to what is no Redis', () => {
  let server: Server | undefined;

  afterEach(() => {
    server?.close();
  });

  it('is never up where nobody listens', async () => {
    connect({ kind: 'node', host: '127.0.0.1', port: 1 });
    await until(() => problem !== undefined);
    expect(problem).toMatchObject({ detail: 'connect ECONNREFUSED' });
    expect(await link.ask(() => Promise.resolve(1))).toEqual(failed('unreachable'));
  });

  it.each([
    ['says nothing', undefined],
    ['speaks something else', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['answers what was not asked', ':1\r\n'.repeat(1_000)],
    ['promises more than there is', '$99999999999\r\nx'],
    ['nests without end', '*1\r\n'.repeat(100_000)],
    ['repeats what it was told', "-ERR unknown command 'AUTH', with args beginning with: 'hunter2'\r\n"],
  ])('gives no bytes and tells no secret where one %s', async (_, words) => {
    password = new Secret('hunter2');
    const sockets = new Set<{ destroy: () => void }>();
    server = createServer((connection) => {
      sockets.add(connection);
      connection.on('error', () => undefined);
      connection.on('data', () => words !== undefined && connection.write(words));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const entries = connect({
      kind: 'node',
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
    });
    await until(() => problem !== undefined || link.isUp);
    const { answer, ms } = await timed(() => entries.read('a', 10));
    expect(answer.kind).toBe('failed');
    expect(ms).toBeLessThan(answerMsMax);
    expect(JSON.stringify([problem])).not.toContain('hunter2');
    for (const connection of sockets) connection.destroy();
  });
});
