// Where a worker listens: a port that it shares with the others, or a unix socket that only its owner can open.
import { chmod, mkdtemp, rename, rm, rmdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createServer, type AddressInfo, type ListenOptions, type Server as NetServer } from 'node:net';
import { dirname, join } from 'node:path';

/** Connections that the kernel holds until they are accepted. */
const backlogMax = 1_024;

export async function listenOnPort(
  server: Server,
  host: string,
  port: number,
  shared: boolean,
): Promise<number> {
  await listen(server, { host, port, reusePort: shared, backlog: backlogMax });
  return (server.address() as AddressInfo).port;
}

/**
 * Throws where somebody listens there already. Workers that share a port would join whoever else shares it, and each
 * would get a part of the other's requests.
 */
export async function requireFreePort(host: string, port: number): Promise<void> {
  const probe = createServer();
  await listen(probe, { host, port });
  await new Promise((resolve) => probe.close(resolve));
}

/**
 * The socket comes into being in a directory of mode 0700 and takes its place when its own mode is 0600: at no moment
 * could anybody else connect. Returns what removes it.
 */
export async function listenOnSocket(server: Server, path: string): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(dirname(path), '.socket-'));
  const temporary = join(folder, 's');
  try {
    await listen(server, { path: temporary, backlog: backlogMax });
    await chmod(temporary, 0o600);
    // Over what a killed worker left behind.
    await rename(temporary, path);
  } finally {
    await rmdir(folder);
  }
  return () => rm(path, { force: true });
}

function listen(server: NetServer, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
