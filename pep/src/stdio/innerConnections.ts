// Connections that never leave the process: requests of HTTP over a pair of streams, so that a client on standard streams
// goes through the very steps that every other client goes through.
import { Agent } from 'node:http';
import { duplexPair, type Duplex } from 'node:stream';

/** As a connection says where it comes from. */
const address = { remoteAddress: '127.0.0.1' };

export class InnerConnections extends Agent {
  readonly #accept: (connection: Duplex) => void;

  constructor(accept: (connection: Duplex) => void) {
    super({ keepAlive: true });
    this.#accept = accept;
  }

  /** There is no network to keep it alive on, and nothing to hold the process back with. */
  override keepSocketAlive(): boolean {
    return true;
  }

  override reuseSocket(): void {
    // It is as it was.
  }

  override createConnection(): Duplex {
    const [ours, theirs] = duplexPair();
    this.#accept(Object.assign(theirs, address));
    return ours;
  }
}
