// A proxy that came from npm, as its documentation starts it, in a process of its own below this one: what it uses is
// read from the outside, and it ends with us.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { answerAsProxy, type Started } from '../../proxy/answerAsProxy.ts';
import { readUsageOf } from './processUsage.ts';

export interface InstalledSetup {
  /** A file that Node runs. */
  readonly program: string;
  /** `{port}` stands for the port. */
  readonly args: readonly string[];
}

const host = '127.0.0.1';
const lookMs = 100;
const startMsMax = 30_000;
const endMsMax = 6_000;

answerAsProxy(async ({ program, args }: InstalledSetup): Promise<Started> => {
  const port = await findFreePort();
  const filled = args.map((arg) => arg.replace('{port}', String(port)));
  // Its standard input is a pipe that closes with us: some end by that.
  const handle = spawn(process.execPath, [program, ...filled], { stdio: ['pipe', 'ignore', 2] });
  try {
    await listens(handle, port);
  } catch (fault) {
    await end(handle);
    throw fault;
  }
  return {
    url: `http://${host}:${port}/mcp`,
    readUsage: () => readUsageOf(handle.pid ?? 0),
    close: () => end(handle),
  };
});

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const closed = once(server, 'close');
  server.close();
  await closed;
  return port;
}

async function listens(handle: ChildProcess, port: number): Promise<void> {
  const endMs = performance.now() + startMsMax;
  while (performance.now() < endMs) {
    if (handle.exitCode !== null) throw new Error(`it ended with ${handle.exitCode}`);
    // Whatever is answered: somebody listens.
    const answer = await fetch(`http://${host}:${port}/mcp`, { method: 'OPTIONS' }).catch(() => undefined);
    if (answer !== undefined) return;
    await delay(lookMs);
  }
  throw new Error(`it does not listen after ${startMsMax} ms`);
}

async function end(handle: ChildProcess): Promise<void> {
  if (handle.exitCode !== null || handle.signalCode !== null) return;
  const ended = once(handle, 'exit');
  handle.kill('SIGTERM');
  const timer = setTimeout(() => handle.kill('SIGKILL'), endMsMax);
  await ended;
  clearTimeout(timer);
}
