// Usage in a real Redis: exact for many at once, and counted no more once Redis cannot be trusted with it.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { describeWithRedis, RedisServer } from '../../test/redisServer.ts';
import { until } from '../../test/until.ts';
import type { Problem } from '../health/problems.ts';
import { RedisCounters } from './redisCounters.ts';
import { RedisLink } from './redisLink.ts';
import { RedisMemory } from './redisMemory.ts';

const windowMs = 60_000;
const one = { key: 'ann', amount: 1, windowMs };

let server: RedisServer;
let admin: Redis;
let problem: Problem | undefined;
const links: RedisLink[] = [];

function connect(): RedisLink {
  const link = new RedisLink({
    config: {
      place: { kind: 'node', host: '127.0.0.1', port: server.port },
      database: 0,
      keyPrefix: 'cardea:',
    },
    secrets: () => ({}),
    now: () => performance.now(),
    random: () => 0.5,
    report: () => undefined,
  });
  links.push(link);
  return link;
}

async function openCounters(isTrusted = (): boolean => true): Promise<RedisCounters> {
  const link = connect();
  await until(() => link.isUp);
  return new RedisCounters(link, isTrusted);
}

const total = async (counters: RedisCounters, addition = one): Promise<number | undefined> =>
  (await counters.reserve(addition))?.total;

/** One server for all tests of a block, which begin with it empty or as they set it. */
function serveRedis(): void {
  beforeAll(async () => {
    server = await RedisServer.start();
    admin = new Redis(server.port, '127.0.0.1');
  });

  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });
}

describeWithRedis('usage in Redis', () => {
  serveRedis();

  beforeEach(async () => {
    await admin.flushall();
    await admin.config('SET', 'maxmemory', '0');
  });

  afterEach(() => {
    for (const link of links.splice(0)) link.close();
  });

  it('gives each of many at once a total of its own, whichever proxy they come through', async () => {
    const both = [await openCounters(), await openCounters()];
    for (let round = 0; round < 20; round += 1) {
      const reserved = await Promise.all(
        Array.from({ length: 64 }, (_, at) => (both[at % 2] as RedisCounters).reserve(one)),
      );
      const totals = reserved
        .map((reservation) => reservation?.total)
        .sort((left = 0, right = 0) => left - right);
      expect(totals).toEqual(Array.from({ length: 64 }, (_, at) => round * 32 + at + 1));
      // A half of them is not made: what they took is there again.
      for (const [at, reservation] of reserved.entries()) if (at % 2 === 1) reservation?.release();
      await until(async () => (await sumOf('ann')) === (round + 1) * 32);
    }
  });

  it('adds up amounts, and keeps keys apart', async () => {
    const counters = await openCounters();
    expect(await total(counters, { ...one, amount: 250 })).toBe(250);
    expect(await total(counters, { ...one, amount: 40 })).toBe(290);
    expect(await total(counters, { ...one, key: 'bob', amount: 7 })).toBe(7);
    expect(await total(counters, { ...one, amount: Number.MAX_SAFE_INTEGER })).toBeUndefined();
    expect(await total(counters, { ...one, amount: 0 })).toBe(290);
  });

  it('forgets what has left the window, and its keys', async () => {
    const counters = await openCounters();
    const short = { ...one, windowMs: 300 };
    expect(await total(counters, short)).toBe(1);
    expect(await total(counters, short)).toBe(2);
    await until(async () => (await total(counters, { ...short, amount: 0 })) === 0);
    await until(async () => (await admin.keys('*ann')).length === 0);
  });

  it('counts nothing for a window after it was emptied, not even for who begins then', async () => {
    const counters = await openCounters();
    expect(await total(counters)).toBe(1);
    await admin.flushall();
    expect(await total(counters)).toBeUndefined();
    expect(await total(counters)).toBeUndefined();
    expect(await total(await openCounters())).toBeUndefined();
    const short = { key: 'short', amount: 1, windowMs: 200 };
    await until(async () => (await total(counters, short)) !== undefined);
    expect(await total(counters)).toBeUndefined();
  });

  it('knows what it was emptied of from when it met it, counted or not', async () => {
    const counters = await openCounters();
    await counters.meet();
    await admin.flushall();
    const other = await openCounters();
    expect(await total(other)).toBe(1);
    await counters.meet();
    expect(await total(other)).toBeUndefined();
    expect(await total(counters)).toBeUndefined();
  });

  it('is given back what was taken before it was away, and nothing that it never held', async () => {
    const counters = await openCounters();
    const [link] = links;
    const first = await counters.reserve({ ...one, key: 'bob' });
    const second = await counters.reserve(one);
    server.pause();
    expect(await total(counters)).toBeUndefined();
    first?.release();
    server.resume();
    await until(() => link?.isUp ?? false);
    expect(await sumOf('bob')).toBe(1);
    await counters.meet();
    await until(async () => (await sumOf('bob')) === 0);
    const [step = ''] = await admin.hkeys('cardea:{usage}ann');
    await admin.flushall();
    await counters.meet();
    await admin.hset('cardea:{usage}ann', step, '5');
    second?.release();
    await counters.meet();
    expect(await sumOf('ann')).toBe(5);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['another type under the key', () => admin.set('cardea:{usage}ann', 'x')],
    ['another type under the name of the store', () => admin.lpush('cardea:{usage}', 'x')],
    ['a name of the store that is none', () => admin.set('cardea:{usage}', 'x 99')],
    ['a name of the store from the future', () => admin.set('cardea:{usage}', `${'0'.repeat(36)} 9e99`)],
    ['a name of the store with a word behind it', () => admin.set('cardea:{usage}', `${'0'.repeat(36)} 9 x`)],
    ['amounts that are none', () => admin.hset('cardea:{usage}ann', '99999999999999', 'many')],
    ['amounts below nothing', () => admin.hset('cardea:{usage}ann', '99999999999999', '-5')],
  ])('counts nothing where it finds %s', async (_, spoil) => {
    const counters = await openCounters();
    await spoil();
    expect(await total(counters)).toBeUndefined();
  });

  it('counts nothing while it is not trusted, or hangs', async () => {
    let isTrusted = false;
    const counters = await openCounters(() => isTrusted);
    expect(await total(counters)).toBeUndefined();
    isTrusted = true;
    expect(await total(counters)).toBe(1);
    server.pause();
    expect(await total(counters)).toBeUndefined();
    server.resume();
    await until(async () => (await total(counters)) !== undefined);
  });
});

describeWithRedis('the memory of Redis', () => {
  let memory: RedisMemory;

  serveRedis();

  afterEach(async () => {
    await memory.close();
    for (const link of links.splice(0)) link.close();
  });

  it.each([
    ['0', 'allkeys-lru', true],
    ['100mb', 'noeviction', true],
    ['100mb', 'allkeys-lru', false],
    ['100mb', 'volatile-ttl', false],
  ])('of %s with %s keeps everything: %s', async (maxmemory, policy, isKept) => {
    await admin.config('SET', 'maxmemory', maxmemory);
    await admin.config('SET', 'maxmemory-policy', policy);
    let told = false;
    const report = (_: string, found: Problem | undefined): void => {
      problem = found;
      told = true;
    };
    memory = new RedisMemory(connect(), report, () => Promise.resolve());
    expect(memory.isKept()).toBe(false);
    await until(() => told);
    expect([memory.isKept(), problem?.code]).toEqual([isKept, isKept ? undefined : 'usage_evictable']);
  });
});

async function sumOf(key: string): Promise<number> {
  const amounts = await admin.hvals(`cardea:{usage}${key}`);
  return amounts.reduce((sum, amount) => sum + Number(amount), 0);
}

describe('without Redis', () => {
  it('nothing is counted', async () => {
    const link = new RedisLink({
      config: { place: { kind: 'node', host: '127.0.0.1', port: 1 }, database: 0, keyPrefix: '' },
      secrets: () => ({}),
      now: () => performance.now(),
      random: () => 0.5,
      report: () => undefined,
    });
    expect(await new RedisCounters(link, () => true).reserve(one)).toBeUndefined();
    link.close();
  });
});
