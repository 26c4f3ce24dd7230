// pep.json: what it says, once it is known to say nothing else. Secrets are named here and read elsewhere.
import { resolve } from 'node:path';
import { formatPointer, type JsonValue } from '@cardea/schemas/json';
import {
  proxyConfigSchema,
  readWire,
  readWireDocument,
  WireRefusal,
  type WireCredential,
  type WireProxyConfig,
} from '@cardea/schemas/wire';
import { limitTable, resolveProxyLimits, type ProxyLimits } from '../limits.ts';
import { readDialling, type DialConfig } from './dialConfig.ts';
import { readIssuers, type IssuersConfig } from './issuerConfig.ts';
import {
  readRedis,
  readSecretPlace,
  readSharedCache,
  type RedisConfig,
  type SharedCacheConfig,
} from './redisConfig.ts';
import { timeoutsDefault, type HttpServerConfig } from './serverConfig.ts';
import { readSessions, type SessionsConfig } from './sessionsConfig.ts';
import { readStdioServer, type ConfiguredStdioServer } from './stdioServer.ts';

export interface ProxyConfig {
  readonly listen: { readonly host: string; readonly port: number };
  readonly allowedHosts: ReadonlySet<string>;
  readonly allowedOrigins: ReadonlySet<string>;
  readonly decision: {
    readonly origin: URL;
    readonly socketPath?: string;
    readonly token?: SecretSource;
  };
  readonly servers: readonly ConfiguredServer[];
  /** Whose tokens are taken beside grants; undefined where nobody's are. */
  readonly issuers: IssuersConfig | undefined;
  readonly redis?: RedisConfig;
  readonly sharedCache?: SharedCacheConfig;
  /** Where usage is counted; undefined where it is not. */
  readonly usage: 'process' | 'redis' | undefined;
  readonly sessions?: SessionsConfig;
  readonly dial: DialConfig | undefined;
  readonly limits: ProxyLimits;
}

export type ConfiguredServer = ConfiguredHttpServer | ConfiguredStdioServer;

export interface ConfiguredHttpServer extends Omit<HttpServerConfig, 'credential'> {
  readonly credential?: {
    readonly header: string;
    readonly prefix: string;
    readonly source: SecretSource;
  };
}

export type SecretSource =
  { readonly kind: 'env'; readonly name: string } | { readonly kind: 'file'; readonly path: string };

const hostDefault = '127.0.0.1';
const portDefault = 8480;
const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Paths in it are relative to `folder`. Throws JsonRefusal, which says where the text is wrong. */
export function readProxyConfig(text: Uint8Array | string, folder: string): ProxyConfig {
  return readWireDocument(text, (value) => readConfig(value, folder));
}

function readConfig(value: JsonValue, folder: string): ProxyConfig {
  const wire = readWire(proxyConfigSchema, value);
  const listen = { host: wire.listen?.host ?? hostDefault, port: wire.listen?.port ?? portDefault };
  const sharedCache = readSharedCache(wire, folder);
  return {
    listen,
    allowedHosts: readHosts(wire, listen.host),
    allowedOrigins: new Set(wire.allowedOrigins),
    decision: readDecision(wire, folder),
    servers: readServers(wire, folder),
    issuers: readIssuers(wire),
    ...(wire.redis === undefined ? {} : { redis: readRedis(wire.redis, folder) }),
    ...(sharedCache === undefined ? {} : { sharedCache }),
    usage: readUsage(wire),
    ...(wire.sessions === undefined ? {} : { sessions: readSessions(wire.sessions, folder) }),
    dial: readDialling(wire),
    limits: readLimits(wire.limits ?? {}),
  };
}

function readUsage({ usage, redis }: WireProxyConfig): ProxyConfig['usage'] {
  if (usage === 'redis' && redis === undefined) {
    throw new WireRefusal('/usage', 'usage: there is no redis to count it in');
  }
  return usage ?? (redis === undefined ? undefined : 'redis');
}

/** Whoever is reached from elsewhere has to know its name: one that a page made up would lead to it too. */
function readHosts({ allowedHosts }: WireProxyConfig, host: string): Set<string> {
  const isLoopback = loopbackHosts.has(host) || host === '::1';
  if (!isLoopback && allowedHosts === undefined) {
    throw new WireRefusal('/listen/host', 'allowedHosts has to name the proxy where it is not on loopback');
  }
  const hosts = (allowedHosts ?? []).map((name) => name.toLowerCase());
  return new Set(isLoopback ? [...hosts, ...loopbackHosts] : hosts);
}

function readDecision({ decision }: WireProxyConfig, folder: string): ProxyConfig['decision'] {
  const { url, unixSocket, tokenFile } = decision;
  return {
    origin: new URL(url ?? 'http://localhost'),
    ...(unixSocket === undefined ? {} : { socketPath: resolve(folder, unixSocket) }),
    ...(tokenFile === undefined ? {} : { token: { kind: 'file', path: resolve(folder, tokenFile) } }),
  };
}

function readServers({ servers }: WireProxyConfig, folder: string): ConfiguredServer[] {
  const ids = new Set<string>();
  return servers.map((server, index) => {
    const { id, upstream = '', command, credential, timeouts = {} } = server;
    if (ids.has(id))
      throw new WireRefusal(`/servers/${index}/id`, 'a server before this one has the same id');
    ids.add(id);
    const { connectMs, answerMs } = timeouts;
    const common = {
      id,
      timeouts: {
        connectMs: connectMs ?? timeoutsDefault.connectMs,
        answerMs: answerMs ?? timeoutsDefault.answerMs,
      },
    };
    if (command !== undefined) return { ...common, ...readStdioServer(server, command, folder) };
    return {
      ...common,
      upstream: new URL(upstream),
      ...(credential === undefined ? {} : { credential: readCredential(credential, folder) }),
    };
  });
}

function readCredential(
  { header, prefix = '', value }: WireCredential,
  folder: string,
): NonNullable<ConfiguredHttpServer['credential']> {
  return { header: header.toLowerCase(), prefix, source: readSecretPlace(value, folder) };
}

function readLimits(limits: Readonly<Record<string, number>>): ProxyLimits {
  const stray = Object.keys(limits).find((name) => !Object.hasOwn(limitTable, name));
  if (stray !== undefined) {
    const names = Object.keys(limitTable).join(', ');
    throw new WireRefusal(
      formatPointer(['limits', stray]),
      `limits.${stray}: there is no such limit; there are ${names}`,
    );
  }
  try {
    return resolveProxyLimits(limits);
  } catch (fault) {
    if (!(fault instanceof RangeError)) throw fault;
    throw new WireRefusal('/limits', `limits: ${fault.message}`);
  }
}
