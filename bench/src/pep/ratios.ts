// The figures that have targets, each the median of the rounds' own ratios.
import { medianRatio } from '../measure/interleave.ts';
import { byJwt, cached, cold, counted, overRedis, overStdio, type BenchmarkResult } from './benchmark.ts';
import { mcpProxy } from './contenders/installed.ts';
import { bare, direct, express } from './contenders/passThroughs.ts';
import type { Sample, ThroughputResult } from './stages/throughput.ts';
import type { Ratios } from './targets.ts';

export function readRatios({ throughput, idle, endurance }: BenchmarkResult): Ratios {
  const [one, some, many] = [1, 16, 64].map((count) => findResult(throughput, count));
  return {
    cpu_over_bare: compare(some, 'cpuUs', cached, bare.name),
    cpu_jwt_over_grant: compare(some, 'cpuUs', byJwt, cached),
    cpu_quota_over_cached: compare(some, 'cpuUs', counted, cached),
    rps64_over_bare: compare(many, 'perSecond', cached, bare.name),
    rps64_over_express_passthrough: compare(many, 'perSecond', cached, express.name),
    above_every_peer: Math.min(...listPeers(many).map((peer) => compare(many, 'perSecond', cached, peer))),
    stdio_over_mcp_proxy: compare(many, 'perSecond', overStdio, mcpProxy.name),
    p50_cached_over_bare: compare(one, 'p50Us', cached, bare.name),
    p50_redis_over_bare: compare(one, 'p50Us', overRedis, bare.name),
    p50_cold_over_bare: compare(one, 'p50Us', cold, bare.name),
    idle_sessions_mb: idle.rssMb,
    ...(endurance === undefined ? {} : { live_million_calls: endurance.ratio }),
  };
}

/** NaN where one of both was not measured. */
export function compare(
  result: ThroughputResult | undefined,
  figure: keyof Sample,
  over: string,
  under: string,
): number {
  const [numerators, denominators] = [over, under].map((name) => result?.taken[name] ?? []);
  const read = (samples: readonly Sample[] = []): number[] => samples.map((sample) => sample[figure]);
  return numerators?.length === 0 ? NaN : medianRatio(read(numerators), read(denominators));
}

function findResult(
  throughput: readonly ThroughputResult[],
  connections: number,
): ThroughputResult | undefined {
  return throughput.find((result) => result.connections === connections);
}

/** Everything that is neither ours, nor a limit. */
function listPeers(result: ThroughputResult | undefined): string[] {
  const others = new Set([direct.name, bare.name, cached, byJwt, counted, cold, overRedis, overStdio]);
  return Object.keys(result?.taken ?? {}).filter((name) => !others.has(name));
}
