// What pep.json says of Redis: where it is, as whom, and with which keys verdicts are shared in it.
import { resolve } from 'node:path';
import { WireRefusal, type WireProxyConfig, type WireRedis } from '@cardea/schemas/wire';
import type { SecretSource } from './proxyConfig.ts';

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

export type RedisPlace =
  | ({ readonly kind: 'node' } & RedisNode)
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'sentinels'; readonly sentinels: readonly RedisNode[]; readonly name: string }
  | { readonly kind: 'cluster'; readonly nodes: readonly RedisNode[] };

export interface RedisConfig {
  readonly place: RedisPlace;
  readonly username?: string;
  readonly password?: SecretSource;
  readonly sentinelPassword?: SecretSource;
  readonly database: number;
  readonly tls?: { readonly ca?: string; readonly serverName?: string };
  readonly keyPrefix: string;
}

export interface SharedCacheConfig {
  /** The first one writes, all of them read. */
  readonly keys: readonly SecretSource[];
}

const keyPrefixDefault = 'cardea:';

export function readRedis(wire: WireRedis, folder: string): RedisConfig {
  const { username, password, sentinelPassword, database = 0, tls, keyPrefix = keyPrefixDefault } = wire;
  return {
    place: readPlace(wire, folder),
    database,
    keyPrefix,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: readSecretPlace(password, folder) }),
    ...(sentinelPassword === undefined
      ? {}
      : { sentinelPassword: readSecretPlace(sentinelPassword, folder) }),
    ...(tls === undefined ? {} : { tls: readTls(tls, folder) }),
  };
}

/** Throws WireRefusal where there is no Redis to share verdicts in. */
export function readSharedCache(
  { redis, sharedCache }: WireProxyConfig,
  folder: string,
): SharedCacheConfig | undefined {
  if (sharedCache === undefined) return undefined;
  if (redis === undefined)
    throw new WireRefusal('/sharedCache', 'sharedCache: verdicts are shared in a redis');
  return { keys: sharedCache.keys.map((key) => readSecretPlace(key, folder)) };
}

/** `env:NAME` or `file:PATH`. */
export function readSecretPlace(text: string, folder: string): SecretSource {
  const place = text.slice(text.indexOf(':') + 1);
  return text.startsWith('env:')
    ? { kind: 'env', name: place }
    : { kind: 'file', path: resolve(folder, place) };
}

/** The schema has one of them. */
function readPlace(
  { node, unixSocket, sentinels, sentinelName = '', cluster = [] }: WireRedis,
  folder: string,
): RedisPlace {
  if (node !== undefined) return { kind: 'node', ...readNode(node) };
  if (unixSocket !== undefined) return { kind: 'socket', path: resolve(folder, unixSocket) };
  if (sentinels !== undefined)
    return { kind: 'sentinels', sentinels: sentinels.map(readNode), name: sentinelName };
  return { kind: 'cluster', nodes: cluster.map(readNode) };
}

function readNode(text: string): RedisNode {
  const at = text.lastIndexOf(':');
  return { host: text.slice(0, at).replace(/^\[(.*)\]$/, '$1'), port: Number(text.slice(at + 1)) };
}

function readTls(
  { ca, serverName }: NonNullable<WireRedis['tls']>,
  folder: string,
): NonNullable<RedisConfig['tls']> {
  return {
    ...(ca === undefined ? {} : { ca: resolve(folder, ca) }),
    ...(serverName === undefined ? {} : { serverName }),
  };
}
