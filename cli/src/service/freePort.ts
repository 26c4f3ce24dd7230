// Whether somebody listens on a port already. Decision workers share theirs, and the system would let a second service
// of the same user share it too: half of the requests would go to the wrong one without a word.
import { createServer } from 'node:net';
import { Failure } from '../frame/failure.ts';
import { explainFault } from '../project/fileFault.ts';

const faults: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'this machine has no such address',
};

/** Throws Failure. Port 0 is always free. */
export async function requireFreePort(host: string, port: number, option = '--port'): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  const fault = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once('error', resolve);
    server.listen({ host, port }, () => {
      server.close(() => {
        resolve(undefined);
      });
    });
  });
  if (fault === undefined) return;
  throw new Failure(
    `cannot listen on ${host}:${port}: ${faults[fault.code ?? ''] ?? explainFault(fault)}`,
    `choose another with ${option}`,
  );
}
