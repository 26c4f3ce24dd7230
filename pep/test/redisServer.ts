// A real redis-server for tests, on a free port and a unix socket, that keeps nothing on disk and never outlives its test.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { until } from './until.ts';

/** Where `npm test` has found it, else what is on the PATH. */
const program = process.env['CARDEA_REDIS_SERVER'] ?? find('redis-server');

/** Skips where there is none, but not in CI: there `npm test` has installed one, or says what is missing. */
export const describeWithRedis =
  program === undefined && process.env['CI'] === undefined ? describe.skip : describe;

if (program === undefined) console.warn('redis-server is not installed: its tests need it on the PATH.');

export class RedisServer {
  readonly port: number;
  readonly socket: string;
  readonly #folder: string;
  #child: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
    this.socket = join(folder, 'redis.sock');
  }

  /** `settings` as on its command line. */
  static async start(...settings: string[]): Promise<RedisServer> {
    const server = new RedisServer(await findPort(), mkdtempSync(join(tmpdir(), 'cardea-redis-')));
    await server.run(...settings);
    return server;
  }

  /** `path` is its configuration, which it rewrites. */
  static async startSentinel(path: string): Promise<RedisServer> {
    const server = new RedisServer(await findPort(), mkdtempSync(join(tmpdir(), 'cardea-redis-')));
    await server.#spawn([path, '--sentinel', '--port', `${server.port}`], /Sentinel ID is/);
    return server;
  }

  static findPort(): Promise<number> {
    return findPort();
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Once it answers; at the same places as before, and empty. */
  async run(...settings: string[]): Promise<void> {
    const places = ['--port', `${this.port}`, '--unixsocket', this.socket, '--dir', this.#folder];
    const rest = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--daemonize', 'no'];
    await this.#spawn([...places, ...rest, ...settings], /eady to accept connections/);
  }

  /** Hangs from then on: connections stay, and nothing answers. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #spawn(words: readonly string[], ready: RegExp): Promise<void> {
    if (program === undefined) throw new Error('redis-server is not installed');
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    await until(() => ready.test(said) || child.exitCode !== null);
    if (child.exitCode !== null) throw new Error(`redis-server ended: ${said}`);
  }
}

async function findPort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function find(name: string): string | undefined {
  const { status, stdout } = spawnSync('which', [name], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
