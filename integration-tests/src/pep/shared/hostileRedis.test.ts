// A Redis in the hands of somebody else: whatever it does with what proxies share in it, every call is answered as the
// policies say, and in time. The process keeps next to nothing, so that each verdict is looked for in Redis.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../../../pep/test/until.ts';
import { describeWithRedis, RedisServer } from '../../../../pep/test/redisServer.ts';
import { callOf } from '../adversary/attack.ts';
import { Caller, type Outcome } from '../caller.ts';
import { DecisionFront } from '../decisionFront.ts';
import { RecordingServer } from '../recordingServer.ts';
import { Stack } from '../stack.ts';
import { RedisOwner } from './redisOwner.ts';

/** With what the machine takes, and far below what a call may wait for its verdict. */
const answerMsMax = 1_000;

/** Verdicts that the process keeps in spite of all. */
const keptHere = 2;

const passed = '200 passed';
const forbidden = '200 forbidden -32001';

const server = new RecordingServer();
const front = new DecisionFront();
let redis: RedisServer;
let owner: RedisOwner;
let stack: Stack;
const callers = new Map<string, Caller>();

const catalog = {
  server: { id: 'desk', owner: 'o', risk: 'low', environment: 'test' },
  tools: [
    {
      name: 'refund',
      review: 'approved',
      effect: 'write',
      inputSchema: { type: 'object', properties: { amount: { type: 'integer' } }, required: ['amount'] },
    },
  ],
};

const policies = (limit: number): string => `
@id("all") permit (principal, action, resource);
@id("not-too-much") forbid (principal, action == Action::"desk/refund", resource)
when { context.input.amount > ${limit} };
@id("bob-little") forbid (principal == Person::"bob", action == Action::"desk/refund", resource)
when { context.input.amount > 10 };
`;

interface Question {
  readonly person: string;
  readonly amount: number;
}

const questions: readonly Question[] = ['ann', 'bob'].flatMap((person) =>
  [1, 2, 10, 11, 500, 1_000, 1_001, 5_000].map((amount) => ({ person, amount })),
);

const judge = ({ person, amount }: Question, limit: number): string =>
  amount > limit || (person === 'bob' && amount > 10) ? forbidden : passed;

function ask({ person, amount }: Question): Promise<Outcome> {
  return (callers.get(person) as Caller).call({ body: callOf(`{"amount":${amount}}`) });
}

/** All questions at once; how long the slowest took. */
async function askAll(limit = 1_000): Promise<number> {
  const outcomes = await Promise.all(
    questions.map(async (question) => ({ question, ...(await ask(question)) })),
  );
  const wrong = outcomes.filter(({ question, answer }) => answer !== judge(question, limit));
  expect(wrong).toEqual([]);
  const slowestMs = Math.max(...outcomes.map(({ ms }) => ms));
  expect(slowestMs).toBeLessThan(answerMsMax);
  return slowestMs;
}

const evaluations = (): number => front.asked.filter(({ path }) => path.includes('evaluation')).length;

/** How many of all questions the decision service was asked. */
async function countAsked(limit?: number): Promise<number> {
  const before = evaluations();
  await askAll(limit);
  return evaluations() - before;
}

/** All of them are answered by Redis again: what it was told before may be on its way still. */
const settle = (): Promise<void> => until(async () => (await countAsked()) === 0);

async function askUntil(end: AbortSignal): Promise<void> {
  while (!end.aborted) await askAll();
}

describeWithRedis('a hostile Redis', () => {
  beforeAll(async () => {
    redis = await RedisServer.start();
    owner = new RedisOwner(redis.socket);
    stack = await Stack.start({
      policies: policies(1_000),
      catalogs: { desk: JSON.stringify(catalog) },
      upstreams: { desk: await server.start() },
      grants: ['ann', 'bob'].map((person) => ({ token: person, person })),
      front: (url) => front.open(url),
      limits: { cachedVerdictsMax: 1 },
      config: { redis: { unixSocket: redis.socket }, sharedCache: { keys: ['file:credential'] } },
      credential: 'a root key of at least 32 characters',
    });
    for (const person of ['ann', 'bob']) callers.set(person, new Caller(stack.url('desk'), person));
    // What is compiled by the first calls takes its time.
    await Promise.all(questions.map(ask));
  });

  afterEach(async () => {
    redis.resume();
    await owner.client.config('SET', 'maxmemory', '0').catch(() => undefined);
    await owner.client.flushall().catch(() => undefined);
  });

  afterAll(async () => {
    for (const caller of callers.values()) caller.close();
    owner.close();
    await stack.stop();
    await front.close();
    await server.stop();
    await redis.stop();
  });

  it('that does nothing spares the decision service', async () => {
    await settle();
    expect((await owner.keys()).length).toBe(questions.length);
    expect(await countAsked()).toBe(0);
  });

  it.each<[string, (entry: Buffer, others: readonly Buffer[]) => Buffer]>([
    ['swaps entries between keys', (_, [next]) => next as Buffer],
    [
      'shows one entry for all',
      (_, others) => others.reduce((least, other) => (least.compare(other) < 0 ? least : other)),
    ],
    [
      'forges the seal',
      (entry) => Buffer.concat([entry.subarray(0, 9), Buffer.alloc(32), entry.subarray(41)]),
    ],
    [
      'says allow for deny',
      (entry) => Buffer.from(entry.toString('latin1').replace('deny', 'allow'), 'latin1'),
    ],
    ['joins one entry to the other', (entry, [next]) => Buffer.concat([entry, next as Buffer])],
    [
      'takes the head of one and the rest of the other',
      (entry, [next]) => Buffer.concat([entry.subarray(0, 41), (next as Buffer).subarray(41)]),
    ],
    ['empties them', () => Buffer.alloc(0)],
    ['fills them with nonsense', () => Buffer.alloc(512, 'allow')],
    ['makes them huge', () => Buffer.alloc(8 * 1024 * 1024, 1)],
  ])('that %s changes no verdict', async (_, change) => {
    await settle();
    expect(await owner.changeAll(change)).toBe(questions.length);
    expect(await countAsked()).toBeGreaterThan(0);
    await settle();
  });

  it('that flips bits, and cuts entries anywhere, changes no verdict', async () => {
    await settle();
    const length = (await owner.read((await owner.keys())[0] ?? '')).length;
    for (let at = 0; at < length; at += 13) {
      await owner.changeAll((entry) => {
        const flipped = Buffer.from(entry);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
        return flipped;
      });
      await askAll();
      await owner.changeAll((entry) => entry.subarray(0, at));
      await askAll();
    }
  });

  it('that has something else under the keys changes no verdict', async () => {
    await settle();
    for (const key of await owner.keys()) {
      await owner.client.del(key);
      await owner.client.lpush(key, 'allow');
    }
    expect(await countAsked()).toBeGreaterThanOrEqual(questions.length - keptHere);
  });

  it('that shows what was said under another bundle changes no verdict', async () => {
    await settle();
    const before = await Promise.all((await owner.keys()).map((key) => owner.read(key)));
    await stack.publish({ policies: policies(100) });
    await until(async () => (await ask({ person: 'ann', amount: 500 })).answer === forbidden);
    await owner.client.flushall();
    let keys: string[] = [];
    await until(async () => {
      await askAll(100);
      keys = await owner.keys();
      return keys.length >= questions.length - keptHere;
    });
    for (const entry of before) {
      await Promise.all(keys.map((key) => owner.client.set(key, entry, 'PX', 60_000)));
      await askAll(100);
    }
    await stack.publish({ policies: policies(1_000) });
    await until(async () => (await ask({ person: 'ann', amount: 500 })).answer === passed);
  });

  it('that hangs costs time once', async () => {
    await settle();
    redis.pause();
    const startMs = performance.now();
    await askAll();
    for (let round = 0; round < 5; round += 1) await askAll();
    expect(performance.now() - startMs).toBeLessThan(6 * answerMsMax);
    redis.resume();
    await settle();
  });

  it('that is full, or throws entries away, changes no verdict', async () => {
    await settle();
    await owner.client.config('SET', 'maxmemory-policy', 'noeviction');
    await owner.client.config('SET', 'maxmemory', '1');
    await askAll();
    await owner.client.config('SET', 'maxmemory-policy', 'allkeys-random');
    for (let round = 0; round < 3; round += 1) await askAll();
  });

  it('that wants another password changes no verdict', async () => {
    await settle();
    await owner.client.config('SET', 'requirepass', 'unknown');
    await owner.client.call('CLIENT', 'KILL', 'TYPE', 'normal');
    for (let round = 0; round < 3; round += 1)
      expect(await countAsked()).toBeGreaterThanOrEqual(questions.length - keptHere);
    await redis.kill();
    await redis.run();
    await settle();
  });

  it('that is killed and comes back empty under load changes no verdict', async () => {
    await settle();
    const end = new AbortController();
    const load = askUntil(end.signal);
    for (let round = 0; round < 2; round += 1) {
      await delay(100);
      await redis.kill();
      await delay(100);
      await redis.run();
    }
    await delay(200);
    end.abort();
    await load;
    await settle();
  });
});
