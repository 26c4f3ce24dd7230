// A port that nobody listens on, for a program that has to come back at the same place.
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

export async function findPort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
