// A server from npm, run as its documentation says, in a process that never outlives its test.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import type { Endpoint } from '../mcp/endpoint.ts';

const require = createRequire(import.meta.url);
const host = '127.0.0.1';
const lookMs = 50;
const startMsMax = 20_000;
const endMsMax = 6_000;

export interface NpmServer {
  /** A file that Node runs. */
  readonly program: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** One that speaks Streamable HTTP itself, on the port that `PORT` names. */
export function startHttpServer({ program, args = [], env = {} }: NpmServer): Promise<Endpoint> {
  return start((port) => ({ words: [program, ...args], env: { ...env, PORT: port } }));
}

/** One that speaks over its standard streams: supergateway gives each session a process of its own. */
export function startStdioServer({ program, args = [], env = {} }: NpmServer): Promise<Endpoint> {
  const command = [process.execPath, program, ...args].map((word) => `"${word}"`).join(' ');
  const front = require.resolve('supergateway/dist/index.js');
  return start((port) => ({
    words: [
      ...[front, '--stdio', command, '--outputTransport', 'streamableHttp', '--stateful'],
      ...['--port', port, '--logLevel', 'none'],
    ],
    env,
  }));
}

interface Command {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

async function start(commandOn: (port: string) => Command): Promise<Endpoint> {
  const port = await findFreePort();
  const { words, env } = commandOn(String(port));
  // Its standard input is a pipe that closes with us: the front ends by that.
  const child = spawn(process.execPath, words, {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...process.env, ...env },
  });
  const url = `http://${host}:${port}/mcp`;
  try {
    await listens(child, url);
  } catch (fault) {
    await end(child);
    throw fault;
  }
  return { url, close: () => end(child) };
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, host), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function listens(child: ChildProcess, url: string): Promise<void> {
  const endMs = performance.now() + startMsMax;
  while (performance.now() < endMs) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    // Whatever is answered: somebody listens.
    const answer = await fetch(url, { method: 'OPTIONS' }).catch(() => undefined);
    if (answer !== undefined) return;
    await delay(lookMs);
  }
  throw new Error(`it does not listen after ${startMsMax} ms`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), endMsMax);
  await ended;
  clearTimeout(timer);
}
