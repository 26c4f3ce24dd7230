// What proxies share: the connection to Redis, and the verdicts in it. Off where pep.json does not name them.
import { readFile } from 'node:fs/promises';
import type { Authority } from '../authority/authority.ts';
import type { ProxyConfig } from '../config/proxyConfig.ts';
import type { RedisConfig } from '../config/redisConfig.ts';
import type { Secret } from '../config/secret.ts';
import type { SecretKeeper } from '../config/secretKeeper.ts';
import { EntryKeys, rootKeyCharactersMin } from '../decide/shared/entryKeys.ts';
import { SharedCache } from '../decide/shared/sharedCache.ts';
import type { SharedVerdicts } from '../decide/shared/sharedVerdicts.ts';
import type { OnProblem } from '../health/problems.ts';
import type { RedisSecrets } from '../redis/redisClient.ts';
import { RedisEntries } from '../redis/redisEntries.ts';
import { RedisLink } from '../redis/redisLink.ts';
import type { Report } from '../telemetry/proxyEvent.ts';

export interface SharedOptions {
  readonly organisation: string;
  readonly authority: Pick<Authority, 'freshness' | 'bundle'>;
  /** Wall clock, in milliseconds. */
  readonly now: () => number;
  /** Cannot be set back; in milliseconds. */
  readonly monotonic: () => number;
  readonly report: OnProblem;
  readonly count: Report;
}

export interface SharedParts {
  readonly link?: RedisLink;
  readonly verdicts?: SharedVerdicts;
  readonly close: () => void;
}

/**
 * Looks at every secret first: what it resolves with opens the connection and never throws. Rejects with SecretFault, and
 * with what reading a certificate throws. A Redis that is not there shows later.
 */
export async function prepareShared(
  { redis, sharedCache }: Pick<ProxyConfig, 'redis' | 'sharedCache'>,
  secrets: SecretKeeper,
): Promise<(options: SharedOptions) => SharedParts> {
  if (redis === undefined) return () => ({ close: () => undefined });
  const ofRedis = await openRedisSecrets(redis, secrets);
  const keys: (() => Secret)[] = [];
  for (const key of sharedCache?.keys ?? []) keys.push(await secrets.openSecret(key, rootKeyCharactersMin));
  return (options) => {
    const { monotonic, report } = options;
    const link = new RedisLink({
      config: redis,
      secrets: ofRedis,
      now: monotonic,
      random: Math.random,
      report,
    });
    const close = (): void => {
      link.close();
    };
    return sharedCache === undefined
      ? { link, close }
      : { link, verdicts: makeCache(link, keys, options), close };
  };
}

async function openRedisSecrets(
  { password, sentinelPassword, tls }: RedisConfig,
  secrets: SecretKeeper,
): Promise<() => RedisSecrets> {
  const own = password === undefined ? undefined : await secrets.openSecret(password);
  const ofSentinels = sentinelPassword === undefined ? undefined : await secrets.openSecret(sentinelPassword);
  const ca = tls?.ca === undefined ? undefined : await readFile(tls.ca);
  return () => ({
    ...(own === undefined ? {} : { password: own() }),
    ...(ofSentinels === undefined ? {} : { sentinelPassword: ofSentinels() }),
    ...(ca === undefined ? {} : { ca }),
  });
}

function makeCache(
  link: RedisLink,
  keys: readonly (() => Secret)[],
  { organisation, authority, now, count }: SharedOptions,
): SharedVerdicts {
  return new SharedCache({
    store: new RedisEntries(link),
    keys: new EntryKeys(organisation, keys),
    organisation,
    currentBundle: () => (authority.freshness() === 'fresh' ? authority.bundle()?.digest : undefined),
    now,
    onLookup: (what, outcome) => {
      count({ kind: 'shared', what, deed: 'lookup', outcome });
    },
    onWrite: (what, outcome) => {
      count({ kind: 'shared', what, deed: 'write', outcome });
    },
  });
}
