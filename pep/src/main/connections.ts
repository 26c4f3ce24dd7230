// The connections of clients, of which there are so many and no more: where there is no room for another, the one that has
// been idle for longest gives way, so that whoever only holds connections shuts nobody out.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export function boundConnections(server: Server, connectionsMax: number): void {
  const connections = new Connections(connectionsMax);
  server.on('connection', (socket: Socket) => {
    connections.admit(socket);
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    connections.count(socket, 1);
    response.on('close', () => {
      connections.count(socket, -1);
    });
  });
}

class Connections {
  readonly #max: number;
  /** Requests under way on each connection that is open. */
  readonly #open = new Map<Socket, number>();
  /** Those without, in the order in which they fell idle. */
  readonly #idle = new Set<Socket>();

  constructor(max: number) {
    this.#max = max;
  }

  admit(socket: Socket): void {
    if (this.#open.size >= this.#max) {
      const [oldest = socket] = this.#idle;
      this.#forget(oldest);
      oldest.destroy();
    }
    if (socket.destroyed) return;
    this.#open.set(socket, 0);
    this.#idle.add(socket);
    socket.on('close', () => {
      this.#forget(socket);
    });
  }

  count(socket: Socket, change: 1 | -1): void {
    const open = this.#open.get(socket);
    if (open === undefined) return;
    this.#open.set(socket, open + change);
    if (open + change === 0) this.#idle.add(socket);
    else this.#idle.delete(socket);
  }

  #forget(socket: Socket): void {
    this.#open.delete(socket);
    this.#idle.delete(socket);
  }
}
