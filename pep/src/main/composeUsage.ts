// Where usage is counted, composed for the decider; and said where it is not, for policies that read it deny then.
import type { Authority } from '../authority/authority.ts';
import type { ProxyConfig } from '../config/proxyConfig.ts';
import { BundleChanged } from '../decide/bundleChanged.ts';
import type { UsageCounting } from '../decide/decider.ts';
import type { OnProblem } from '../health/problems.ts';
import { RedisCounters } from '../redis/redisCounters.ts';
import type { RedisLink } from '../redis/redisLink.ts';
import { RedisMemory } from '../redis/redisMemory.ts';
import { ProcessCounters } from '../usage/processCounters.ts';
import { reserveUsage } from '../usage/usage.ts';
import type { UsageStore } from '../usage/usageStore.ts';

export interface UsageOptions {
  readonly organisation: string;
  readonly authority: Pick<Authority, 'bundle' | 'onChange'>;
  /** Cannot be set back; in milliseconds. */
  readonly monotonic: () => number;
  readonly report: OnProblem;
}

export interface UsageParts {
  readonly counting?: UsageCounting;
  readonly close: () => Promise<void>;
}

export function composeUsage(
  place: ProxyConfig['usage'],
  link: RedisLink | undefined,
  options: UsageOptions,
): UsageParts {
  const { monotonic, report } = options;
  if (place === 'process')
    return { counting: countIn(new ProcessCounters(monotonic), options), close: nothing };
  if (link === undefined) {
    reportUncounted(options);
    return { close: nothing };
  }
  const counters: RedisCounters = new RedisCounters(link, () => memory.isKept());
  const memory = new RedisMemory(link, report, () => counters.meet());
  const counting = countIn(counters, options);
  return { counting, close: () => memory.close() };
}

function countIn(store: UsageStore, { authority, organisation }: UsageOptions): UsageCounting {
  return {
    reserve: (bundle, { identity, target }, dependsOn) => {
      const current = authority.bundle();
      if (current?.digest !== bundle) throw new BundleChanged();
      return reserveUsage(store, current.settings.counters, dependsOn, { organisation, identity, target });
    },
  };
}

function reportUncounted({ authority, report }: UsageOptions): void {
  authority.onChange(() => {
    const isCounted = (authority.bundle()?.settings.counters.length ?? 0) === 0;
    report('usage', isCounted ? undefined : uncounted);
  });
}

const uncounted = {
  code: 'usage_not_counted',
  message: 'usage is not counted here: verdicts that read it are denied',
  detail: 'pep.json says neither usage nor redis',
} as const;

function nothing(): Promise<void> {
  return Promise.resolve();
}
