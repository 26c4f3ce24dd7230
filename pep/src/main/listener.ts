// Where the proxy listens, from opening to the last answer: connections are bounded, and a listener that ends loses no
// call that has begun.
import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProxyLimits } from '../limits.ts';
import { boundConnections } from './connections.ts';

/** How often timeouts are looked at. */
const timeoutCheckMs = 1_000;

/** How often a draining listener looks for connections that have fallen idle. */
const idleCheckMs = 50;

/** How long a draining listener leaves idle connections open: a call may be under way on one of them. */
const graceMs = 250;

export class Listener {
  readonly #server: Server;
  /** Answers that have not begun: they can still say that their connection ends. */
  readonly #waiting = new Set<ServerResponse>();
  #isDraining = false;

  constructor(handle: RequestListener, limits: ProxyLimits) {
    const settings = {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      connectionsCheckingInterval: timeoutCheckMs,
      maxHeaderSize: limits.headerBytesMax,
      // Small answers leave at once.
      noDelay: true,
      // Of two credentials node would take the first and drop the other; joined, they are neither.
      joinDuplicateHeaders: true,
    };
    this.#server = createServer(settings);
    boundConnections(this.#server, limits.connectionsMax);
    const last = new WeakMap<Socket, ServerResponse>();
    this.#server.on('request', (request, response) => {
      // The connection ends with the answer before this one: nobody would hear what came of it, so nothing does.
      if (last.get(request.socket)?.shouldKeepAlive === false) return;
      last.set(request.socket, response);
      this.#watch(response);
      handle(request, response);
    });
  }

  /** Where it listens, as a URL. Rejects where it cannot. */
  async open(host: string, port: number): Promise<string> {
    await once(this.#server.listen({ host, port }), 'listening');
    const bound = (this.#server.address() as AddressInfo).port;
    return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  }

  /** A connection that did not come over a network. */
  accept(connection: Duplex): void {
    this.#server.emit('connection', connection);
  }

  /** Stops accepting, lets what runs come to its end, and cuts off what is not done in time. */
  async drain(timeoutMs: number): Promise<void> {
    if (!this.#server.listening) return;
    this.#isDraining = true;
    for (const response of this.#waiting) response.shouldKeepAlive = false;
    const closed = once(this.#server, 'close');
    // Not the method of http, which closes idle connections at once.
    NetServer.prototype.close.call(this.#server);
    const timer = setTimeout(() => {
      this.#server.closeAllConnections();
    }, timeoutMs);
    await Promise.race([closed, delay(Math.min(graceMs, timeoutMs))]);
    await this.#closeIdle(closed);
    clearTimeout(timer);
  }

  /** Until there is no connection left. */
  async #closeIdle(closed: Promise<unknown>): Promise<void> {
    const done = new AbortController();
    const ended = closed.then(() => {
      done.abort();
    });
    // What http has of its own is ended too.
    this.#server.close();
    while (!done.signal.aborted) {
      this.#server.closeIdleConnections();
      await Promise.race([ended, delay(idleCheckMs)]);
    }
  }

  /** A client that keeps its connection would send its next call into one that is being closed. */
  #watch(response: ServerResponse): void {
    if (this.#isDraining) {
      response.shouldKeepAlive = false;
      return;
    }
    this.#waiting.add(response);
    response.on('close', () => this.#waiting.delete(response));
  }
}
