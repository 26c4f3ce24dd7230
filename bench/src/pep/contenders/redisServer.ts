// A redis-server on this machine, reached by a unix socket, for verdicts that come from it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface RedisServer {
  readonly socket: string;
  readonly close: () => Promise<void>;
}

const startMsMax = 5_000;
const lookMs = 20;

/** Where `npm test` has found it, else what is on the PATH. */
const program = process.env['CARDEA_REDIS_SERVER'] ?? 'redis-server';

/** Keeps nothing on disk. Rejects where there is none. */
export async function startRedis(directory: string): Promise<RedisServer> {
  const socket = join(directory, 'redis.sock');
  const places = ['--port', '0', '--unixsocket', socket, '--dir', directory];
  const child = spawn(program, [...places, '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  ended.catch(() => undefined);
  const close = async (): Promise<void> => {
    child.kill();
    await ended.catch(() => undefined);
  };
  const endMs = performance.now() + startMsMax;
  while (!(await exists(socket))) {
    if (child.pid === undefined) throw new Error('redis-server is not installed');
    if (child.exitCode !== null || performance.now() > endMs) {
      await close();
      throw new Error('redis-server does not start');
    }
    await delay(lookMs);
  }
  return { socket, close };
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
