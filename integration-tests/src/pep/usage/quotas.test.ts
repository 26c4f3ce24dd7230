// Quotas: exactly as many calls as the policy allows, over two proxies and two decision services, and none lost by calls
// that are denied. Where usage cannot be counted, what reads it is denied and nothing else.
import { afterEach, describe, expect, it } from '@jest/globals';
import { describeWithRedis, RedisServer } from '../../../../pep/test/redisServer.ts';
import { until } from '../../../../pdp/test/testService.ts';
import { Pair } from './pair.ts';

const most = 40;
const sumMost = 1_000;

const inRedis = ({ port }: RedisServer): object => ({ redis: { node: `127.0.0.1:${port}` } });

let pair: Pair;
let redis: RedisServer | undefined;

afterEach(async () => {
  await pair.stop();
  await redis?.stop();
  redis = undefined;
});

/** Both proxies say so, one after the other. */
const isOver = (answers: readonly string[]): boolean =>
  answers.slice(-2).every((answer) => answer === 'forbidden') && answers.length > 64 * 3;

describeWithRedis('quotas in Redis', () => {
  const start = async (...settings: string[]): Promise<void> => {
    redis = await RedisServer.start(...settings);
    pair = await Pair.start({ most, sumMost, config: inRedis(redis) });
    await until(async () => (await pair.call(0, 'look', {})) === 'ran');
    await until(async () => (await pair.readiness(0)).ready && (await pair.readiness(1)).ready);
  };

  it('hold for 64 callers over both proxies', async () => {
    await start();
    const answers = await Promise.all(
      Array.from({ length: 64 * 3 }, (_, at) => pair.call(at, 'count', { refused: at % 3 === 0 })),
    );
    // The last places may have been held by calls that were denied in the end: those are there again.
    for (let at = 0; at < 2 * most && !isOver(answers); at += 1)
      answers.push(await pair.call(at, 'count', {}));
    expect(answers.slice(-2)).toEqual(['forbidden', 'forbidden']);
    expect(pair.ran('count')).toBeLessThanOrEqual(most);
    // Where Redis was too slow to answer nobody knows whether it counted.
    const unknown = answers.filter((answer) => answer === 'facts_required').length;
    expect(pair.ran('count')).toBeGreaterThanOrEqual(most - unknown);
  });

  it('hold for what calls state', async () => {
    await start();
    const amounts = [400, 500, 200, 100, 1];
    const answers: string[] = [];
    for (const [at, amount] of amounts.entries()) answers.push(await pair.call(at, 'pay', { amount }));
    expect(answers).toEqual(['ran', 'ran', 'forbidden', 'ran', 'forbidden']);
    expect(await pair.call(0, 'pay', { amount: -500 })).toBe('facts_required');
  });

  it.each<[string, (server: RedisServer) => unknown, string]>([
    [
      'hangs',
      (server) => {
        server.pause();
      },
      'usage_not_counted',
    ],
    ['is killed', (server) => server.kill(), 'usage_not_counted'],
  ])('deny alone what reads them while Redis %s', async (_, harm, code) => {
    await start();
    await until(async () => (await pair.call(0, 'count', {})) === 'ran');
    await harm(redis as RedisServer);
    expect(await pair.call(0, 'count', {})).toBe('facts_required');
    expect(await pair.call(0, 'look', {})).toBe('ran');
    await until(async () => !(await pair.readiness(0)).ready);
    expect((await pair.readiness(0)).problems.map((problem) => problem.code)).toContain(code);
    (redis as RedisServer).resume();
  });

  it('are not taken from a Redis that evicts', async () => {
    redis = await RedisServer.start('--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru');
    pair = await Pair.start({ most, sumMost, config: inRedis(redis) });
    await until(async () => (await pair.call(0, 'look', {})) === 'ran');
    await until(async () =>
      (await pair.readiness(0)).problems.some(({ code }) => code === 'usage_evictable'),
    );
    expect((await pair.readiness(0)).ready).toBe(false);
    expect(await pair.call(0, 'count', {})).toBe('facts_required');
  });

  it('are not believed to a Redis that came back empty', async () => {
    await start();
    await until(async () => (await pair.call(0, 'count', {})) === 'ran');
    await (redis as RedisServer).kill();
    await (redis as RedisServer).run();
    await until(async () => (await pair.readiness(0)).ready);
    expect(await pair.call(0, 'count', {})).toBe('facts_required');
    expect(await pair.call(0, 'look', {})).toBe('ran');
  });
});

describe('quotas in a process', () => {
  it('hold for one proxy, and say where they are not counted', async () => {
    pair = await Pair.start({ most: 3, sumMost, config: { usage: 'process' }, others: {} });
    await until(async () => (await pair.call(0, 'look', {})) === 'ran');
    const answers = await Promise.all(Array.from({ length: 64 }, () => pair.call(0, 'count', {})));
    expect(answers.filter((answer) => answer === 'ran')).toHaveLength(3);
    expect((await pair.readiness(0)).ready).toBe(true);
    await until(async () =>
      (await pair.readiness(1)).problems.some(({ code }) => code === 'usage_not_counted'),
    );
    expect((await pair.readiness(1)).ready).toBe(false);
    expect(await pair.call(1, 'count', {})).toBe('facts_required');
    expect(await pair.call(1, 'look', {})).toBe('ran');
  });
});
