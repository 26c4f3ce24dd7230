// What pep.json says of a server that the proxy starts itself.
import { resolve } from 'node:path';
import type { WireProxyConfig } from '@cardea/schemas/wire';
import type { SecretSource } from './proxyConfig.ts';
import { readSecretPlace } from './redisConfig.ts';
import type { ServerCommand, StdioServerConfig } from './serverConfig.ts';

export interface ConfiguredStdioServer extends Omit<StdioServerConfig, 'credential' | 'environment'> {
  readonly variables: {
    /** What the server gets as it is here. */
    readonly allowed: readonly string[];
    readonly set: readonly { readonly name: string; readonly source: SecretSource }[];
  };
}

type WireServer = WireProxyConfig['servers'][number];

/** What a program needs to be found. */
const allowedDefault = ['PATH'];

export const commandDefaults = {
  sharing: 'session',
  sessionsMax: 64,
  restartsMax: 5,
  idleMs: 600_000,
} as const;

/** `words` are not empty. */
export function readStdioServer(
  wire: WireServer,
  words: readonly string[],
  folder: string,
): Pick<ConfiguredStdioServer, 'process' | 'variables'> {
  const { allow = allowedDefault, set = {} } = wire.env ?? {};
  const entries = Object.entries(set);
  return {
    process: readCommand(wire, words as ServerCommand['words'], folder),
    variables: {
      allowed: allow,
      set: entries.map(([name, place]) => ({ name, source: readSecretPlace(place, folder) })),
    },
  };
}

function readCommand(wire: WireServer, words: ServerCommand['words'], folder: string): ServerCommand {
  const { cwd, uid, gid = uid, sharing, sessionsMax, restarts, idleMs } = wire;
  return {
    words,
    cwd: resolve(folder, cwd ?? '.'),
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
    sharing: sharing ?? commandDefaults.sharing,
    sessionsMax: sessionsMax ?? commandDefaults.sessionsMax,
    restartsMax: restarts ?? commandDefaults.restartsMax,
    idleMs: idleMs ?? commandDefaults.idleMs,
  };
}
