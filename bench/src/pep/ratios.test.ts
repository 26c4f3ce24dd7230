import { describe, expect, it } from '@jest/globals';
import { byJwt, cached, cold, counted, overRedis, overStdio, type BenchmarkResult } from './benchmark.ts';
import { readRatios } from './ratios.ts';
import type { Sample } from './stages/throughput.ts';

const sample = (perSecond: number): Sample => ({
  perSecond,
  p50Us: 1_000 / perSecond,
  p99Us: 1,
  cpuUs: 100 / perSecond,
});

/** Two rounds of each. */
const taken = {
  direct: [sample(90), sample(900)],
  bare: [sample(20), sample(200)],
  [cached]: [sample(18), sample(180)],
  [byJwt]: [sample(24), sample(240)],
  [counted]: [sample(15), sample(150)],
  express: [sample(6), sample(60)],
  [cold]: [sample(5), sample(50)],
  'sdk bridge': [sample(12), sample(120)],
  [overRedis]: [sample(16), sample(160)],
  [overStdio]: [sample(14), sample(140)],
  'mcp-proxy': [sample(7), sample(70)],
};

const result: BenchmarkResult = {
  throughput: [1, 16, 64].map((connections) => ({ connections, medians: {}, taken })),
  rssMb: {},
  unable: {},
  idle: { sessions: 5, streams: 5, rssBeforeMb: 50, rssMb: 70 },
};

describe('readRatios', () => {
  it('compares round by round with the limit and with each peer', () => {
    const ratios = readRatios(result);
    expect(ratios.rps64_over_bare).toBeCloseTo(0.9);
    expect(ratios.rps64_over_express_passthrough).toBeCloseTo(3);
    expect(ratios.cpu_over_bare).toBeCloseTo(20 / 18);
    expect(ratios.p50_cached_over_bare).toBeCloseTo(20 / 18);
    expect(ratios.p50_cold_over_bare).toBeCloseTo(4);
    expect(ratios.p50_redis_over_bare).toBeCloseTo(1.25);
    expect(ratios.idle_sessions_mb).toBe(70);
  });

  it('compares callers with tokens, and calls that are counted, with cached ones', () => {
    const ratios = readRatios(result);
    expect(ratios.cpu_jwt_over_grant).toBeCloseTo(0.75);
    expect(ratios.cpu_quota_over_cached).toBeCloseTo(1.2);
  });

  it('is above every peer by what it is above the best of them, who is neither a limit nor ours', () => {
    expect(readRatios(result).above_every_peer).toBeCloseTo(1.5);
  });

  it('compares what stands before standard streams with what does the same', () => {
    expect(readRatios(result).stdio_over_mcp_proxy).toBeCloseTo(2);
  });

  it('has the long run only where there was one', () => {
    expect(readRatios(result)).not.toHaveProperty('live_million_calls');
    const endurance = { calls: 10, liveMb: [10, 11], rssMb: [1, 1], ratio: 1.1 };
    expect(readRatios({ ...result, endurance }).live_million_calls).toBe(1.1);
  });
});
