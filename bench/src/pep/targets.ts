// What the proxy has to reach, under the names that the figures have in the output.
import type { Figures, NamesOf, Target } from '../targets/target.ts';

export const targets = [
  {
    name: 'cpu_over_bare',
    bound: 'at most',
    limit: 1.3,
    means: 'CPU time of a call with a cached verdict over one through bare node:http, 16 connections',
  },
  {
    name: 'cpu_jwt_over_grant',
    bound: 'at most',
    limit: 1.1,
    means: 'the same of a caller with a JWT that was seen before, over one with a grant',
  },
  {
    name: 'cpu_quota_over_cached',
    bound: 'at most',
    limit: 1.5,
    means: 'the same of a call that is counted and whose verdict comes from the service, over a cached one',
  },
  {
    name: 'rps64_over_bare',
    bound: 'at least',
    limit: 0.85,
    means: 'calls a second with cached verdicts, 64 connections, over those through bare node:http',
  },
  {
    name: 'rps64_over_express_passthrough',
    bound: 'at least',
    limit: 2,
    means: 'the same over those through Express with undici',
  },
  {
    name: 'above_every_peer',
    bound: 'at least',
    limit: 1,
    means: 'the same over those of the best of Express, the SDK bridge and the proxies from npm',
  },
  {
    name: 'stdio_over_mcp_proxy',
    bound: 'at least',
    limit: 1,
    means:
      'calls a second, 64 connections, before the echo on standard streams, over those through mcp-proxy',
  },
  {
    name: 'p50_cached_over_bare',
    bound: 'at most',
    limit: 1.35,
    means: 'what a call takes with a cached verdict over one through bare node:http, one connection',
  },
  {
    name: 'p50_redis_over_bare',
    bound: 'at most',
    limit: 2,
    means: 'the same with a verdict that other proxies share, from a Redis on this machine',
  },
  {
    name: 'p50_cold_over_bare',
    bound: 'at most',
    limit: 4,
    means: 'the same where the decision service is asked for every verdict',
  },
  {
    name: 'idle_sessions_mb',
    bound: 'at most',
    limit: 300,
    means: 'MB resident in a proxy with 5,000 idle sessions',
  },
  {
    name: 'live_million_calls',
    bound: 'at most',
    limit: 1.1,
    means: 'what the collector leaves after all calls of a long run over that after the first tenth',
    isLong: true,
  },
] as const satisfies readonly Target[];

export type Ratios = Figures<NamesOf<typeof targets>>;
