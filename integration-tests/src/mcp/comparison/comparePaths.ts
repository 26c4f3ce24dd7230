// The same client on two paths to servers of one kind: direct, and through a proxy. Each path has a server of its own, in a
// process of its own, so that neither sees what happens on the other.
import type { Endpoint, StartProxy } from '../endpoint.ts';
import { compare } from './compare.ts';

export interface Paths {
  readonly startServer: () => Promise<Endpoint>;
  readonly startProxy: StartProxy;
  /** What the client sees there; JSON. */
  readonly observe: (endpoint: Endpoint) => Promise<unknown>;
}

/** One line for each difference. */
export async function comparePaths({ startServer, startProxy, observe }: Paths): Promise<string[]> {
  const [direct, proxied] = await Promise.all([
    withEndpoint(startServer(), observe),
    withEndpoint(startServer(), ({ url }) => withEndpoint(startProxy(url), observe)),
  ]);
  return compare(direct, proxied);
}

async function withEndpoint<T>(
  starting: Promise<Endpoint>,
  use: (endpoint: Endpoint) => Promise<T>,
): Promise<T> {
  const endpoint = await starting;
  try {
    return await use(endpoint);
  } finally {
    await endpoint.close();
  }
}
