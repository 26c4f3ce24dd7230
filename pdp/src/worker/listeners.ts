// The listeners of one worker, from opening to the last answer.
import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { listenOnPort, listenOnSocket } from '../http/listen.ts';
import { createHttpServer, type ServerOptions } from '../http/server.ts';
import type { ListenAddress } from './messages.ts';

/** How often a draining server looks for connections that have fallen idle. */
const idleCheckMs = 50;

export class Listeners {
  /** Where callers find this worker, as far as it can tell. */
  url = '';
  readonly #options: ServerOptions;
  readonly #servers: Server[] = [];
  #removeSocket: () => Promise<void> = () => Promise.resolve();

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  /** Returns the port. */
  async open({ host, port, shared, unixSocket }: ListenAddress): Promise<number> {
    const server = createHttpServer('tcp', this.#options);
    const bound = await listenOnPort(server, host, port, shared);
    this.#servers.push(server);
    this.url = `${this.#options.tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${bound}`;
    if (unixSocket !== undefined) {
      const local = createHttpServer('unix', this.#options);
      this.#removeSocket = await listenOnSocket(local, unixSocket);
      this.#servers.push(local);
    }
    return bound;
  }

  /** Stops accepting, lets what runs come to its end, and cuts off what is not done in time. */
  async drain(timeoutMs: number): Promise<void> {
    await this.#removeSocket();
    const closed = Promise.all(
      this.#servers.map((server) => new Promise((resolve) => server.close(resolve))),
    );
    const done = new AbortController();
    const isClosed = closed.then(() => {
      done.abort();
    });
    const timer = setTimeout(() => {
      this.#servers.forEach((server) => {
        server.closeAllConnections();
      });
    }, timeoutMs);
    while (!done.signal.aborted) {
      this.#servers.forEach((server) => {
        server.closeIdleConnections();
      });
      await Promise.race([isClosed, delay(idleCheckMs)]);
    }
    clearTimeout(timer);
  }
}
