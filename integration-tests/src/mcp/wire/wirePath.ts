// A client and a scripted server, with a proxy between them or without.
import type { StartProxy } from '../endpoint.ts';
import { ScriptedServer } from './scriptedServer.ts';
import { WireClient } from './wireClient.ts';
import type { WireCheck } from './wireCheck.ts';

export class WirePath {
  readonly #client: WireClient;
  readonly #server: ScriptedServer;
  readonly #closeProxy: () => Promise<void>;

  private constructor(client: WireClient, server: ScriptedServer, closeProxy: () => Promise<void>) {
    this.#client = client;
    this.#server = server;
    this.#closeProxy = closeProxy;
  }

  /** Direct without a proxy. */
  static async open(startProxy?: StartProxy): Promise<WirePath> {
    const server = await ScriptedServer.start();
    try {
      const proxy = await startProxy?.(server.url);
      const closeProxy = (): Promise<void> => proxy?.close() ?? Promise.resolve();
      return new WirePath(new WireClient(proxy ?? server), server, closeProxy);
    } catch (fault) {
      await server.close();
      throw fault;
    }
  }

  /** One check after the other. */
  async observe({ observe }: WireCheck): Promise<unknown> {
    this.#server.received = [];
    const observation = await observe({ client: this.#client, server: this.#server });
    // Whatever is undefined is not there, as in JSON.
    return JSON.parse(JSON.stringify(observation ?? null)) as unknown;
  }

  async close(): Promise<void> {
    await this.#closeProxy();
    await this.#server.close();
  }
}
