// ioredis as the proxy wants it: nothing waits in queues of its own, nothing is sent twice, and it tries for ever, ever
// more slowly, to have a connection.
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisConfig } from '../config/redisConfig.ts';
import type { Secret } from '../config/secret.ts';

export type RedisClient = Redis | Cluster;

/** Replies come as they always came. */
type Settings = Omit<RedisOptions, 'replyMapping'>;

export interface RedisSecrets {
  readonly password?: Secret;
  readonly sentinelPassword?: Secret;
  /** Of whoever vouches for the server's certificate. */
  readonly ca?: Buffer;
}

/** For connecting, and for each answer while a connection is made: then nobody waits for it. */
const connectMsMax = 1_000;
const handshakeMsMax = 1_000;
/** After this a server that was told to end is not waited for. */
const endMs = 1;
/** Between looks at one that loads its data. */
const loadingMs = 1_000;
const redirectionsMax = 3;

/** `retry` is told how often it was tried in vain, and says in how many milliseconds again; null: not at all. */
export function openClient(
  config: RedisConfig,
  secrets: RedisSecrets,
  retry: (times: number) => number | null,
): RedisClient {
  const { place } = config;
  const options = makeOptions(config, secrets);
  switch (place.kind) {
    case 'node':
      return new Redis({ ...options, host: place.host, port: place.port, retryStrategy: retry });
    case 'socket':
      return new Redis({ ...options, path: place.path, retryStrategy: retry });
    case 'sentinels':
      return new Redis({ ...options, ...watched(place, options, secrets), retryStrategy: retry });
    case 'cluster':
      return new Cluster([...place.nodes], {
        redisOptions: options,
        clusterRetryStrategy: retry,
        enableOfflineQueue: false,
        maxRedirections: redirectionsMax,
        retryDelayOnFailover: 0,
        retryDelayOnClusterDown: 0,
        retryDelayOnTryAgain: 0,
        slotsRefreshTimeout: connectMsMax,
        ...(options.tls === undefined ? {} : { dnsLookup: keepAddress }),
      });
  }
}

function makeOptions({ username, database, tls }: RedisConfig, { password, ca }: RedisSecrets): Settings {
  return {
    protocol: 2,
    db: database,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: connectMsMax,
    socketTimeout: handshakeMsMax,
    disconnectTimeout: endMs,
    maxLoadingRetryTime: loadingMs,
    disableClientInfo: true,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: password.reveal() }),
    ...(tls === undefined ? {} : { tls: describeTls(tls, ca) }),
  };
}

function watched(
  { sentinels, name }: Extract<RedisConfig['place'], { kind: 'sentinels' }>,
  { tls }: Settings,
  { sentinelPassword }: RedisSecrets,
): Settings {
  return {
    sentinels: [...sentinels],
    name,
    sentinelCommandTimeout: handshakeMsMax,
    sentinelRetryStrategy: (times) => Math.min(times * 100, 2_000),
    ...(sentinelPassword === undefined ? {} : { sentinelPassword: sentinelPassword.reveal() }),
    ...(tls === undefined ? {} : { sentinelTLS: tls, enableTLSForSentinelMode: true }),
  };
}

/** Certificates name hosts: a name that became an address would not be found in them. */
function keepAddress(address: string, tell: (fault: null, address: string) => void): void {
  tell(null, address);
}

function describeTls(
  { serverName }: NonNullable<RedisConfig['tls']>,
  ca: Buffer | undefined,
): NonNullable<Settings['tls']> {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}
