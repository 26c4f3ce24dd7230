// What reaches a connection before it is a request: too many of them, and bytes that are no HTTP. Until a right credential
// has come on it a connection is a stranger's: those give way to others, so that nobody is shut out by whoever holds none.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Refusal } from '@cardea/schemas/codes';
import type { ServiceLimits } from '../limits.ts';
import { answerRefusal } from './call.ts';
import type { Transport } from './identity.ts';

/** How long a refused sender has to read why. */
const lingerMs = 1_000;

export class Connections {
  readonly transport: Transport;
  readonly #limits: ServiceLimits;
  /** By peer, the longest open first. */
  readonly #strangers = new Map<string, Socket>();
  /** The peers among them, by address. */
  readonly #byAddress = new Map<string, Set<string>>();
  readonly #known = new WeakSet<Socket>();
  #open = 0;

  constructor(server: Server, transport: Transport, limits: ServiceLimits) {
    this.transport = transport;
    this.#limits = limits;
    server.on('connection', (socket: Socket) => {
      this.#admit(socket);
    });
    server.on('clientError', (error: NodeJS.ErrnoException, duplex) => {
      if (duplex.writable && error.code !== 'ECONNRESET') refuse(duplex, refusalOf(error));
      else duplex.destroy();
    });
  }

  /** A right credential has come on it. */
  welcome(socket: Socket): void {
    if (this.#known.has(socket)) return;
    this.#known.add(socket);
    this.#forget(peerOf(socket));
  }

  /** Whoever reaches a unix socket may open it, which is as good as a credential. */
  isStranger(socket: Socket): boolean {
    return this.transport !== 'unix' && !this.#known.has(socket);
  }

  #admit(socket: Socket): void {
    const { connectionsMax } = this.#limits;
    this.#open += 1;
    socket.on('close', () => {
      this.#open -= 1;
    });
    if (this.transport !== 'unix') this.#admitStranger(socket);
    if (this.#open <= connectionsMax) return;
    // The last of them is the one that has just come.
    const [oldest] = this.#strangers.keys();
    if (oldest !== undefined && this.#strangers.size > 1) this.#end(oldest);
    else refuse(socket, new Refusal('overloaded', `${connectionsMax} connections are open`));
  }

  #admitStranger(socket: Socket): void {
    const peer = peerOf(socket);
    const address = addressOf(peer);
    const ofAddress = this.#byAddress.get(address) ?? new Set();
    this.#byAddress.set(address, ofAddress.add(peer));
    this.#strangers.set(peer, socket);
    socket.on('close', () => {
      if (this.#strangers.get(peer) === socket) this.#forget(peer);
    });
    const [oldest] = ofAddress;
    if (oldest !== undefined && ofAddress.size > this.#limits.strangersMax) this.#end(oldest);
  }

  /** Without a word: it has not said who it is either. */
  #end(peer: string): void {
    const socket = this.#strangers.get(peer);
    this.#forget(peer);
    socket?.destroy();
  }

  #forget(peer: string): void {
    if (!this.#strangers.delete(peer)) return;
    const ofAddress = this.#byAddress.get(addressOf(peer));
    ofAddress?.delete(peer);
    if (ofAddress?.size === 0) this.#byAddress.delete(addressOf(peer));
  }
}

/** The same for a TLS connection and for what carries it. */
function peerOf({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function addressOf(peer: string): string {
  return peer.slice(0, peer.indexOf(' '));
}

function refusalOf({ code }: NodeJS.ErrnoException): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') return new Refusal('too_large', 'the headers are too large');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new Refusal('timed_out', 'the request did not arrive in time');
  return new Refusal('invalid_request', 'this is not an HTTP request');
}

/** Before there is a request there is no id either. */
function refuse(socket: Duplex, refusal: Refusal): void {
  const answer = answerRefusal(refusal, 'none');
  const head = [
    `HTTP/1.1 ${answer.status} Refused`,
    `content-type: ${answer.type}`,
    `content-length: ${Buffer.byteLength(answer.body)}`,
    ...Object.entries(answer.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${String(answer.body)}`);
  // Whoever never closes its side would keep the place.
  setTimeout(() => socket.destroy(), lingerMs).unref();
}
