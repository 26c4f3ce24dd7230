// How every connection is made: over TCP first, then the address that it has is judged, and only then a byte goes out, be
// it of TLS or of HTTP. Once for each connection: those that stay open cost nothing.
import { connect as connectTcp, type LookupFunction, type Socket } from 'node:net';
import { buildConnector, errors } from 'undici';
import { judgeAddress, placeOf, type DialPolicy, type Place } from './dialPolicy.ts';

export interface ConnectorOptions {
  readonly policy: DialPolicy;
  /** Addresses in them are meant; all others come from elsewhere. */
  readonly written: readonly URL[];
  /** For TCP, and again for TLS. */
  readonly timeoutMs: number;
  /** How names are resolved, if not as the machine does. */
  readonly lookup?: LookupFunction;
}

const keepAliveMs = 60_000;

/** For `connect` of what undici calls a dispatcher. Fails with DialRefusal where the address may not be reached. */
export function makeGuardedConnector(options: ConnectorOptions): buildConnector.connector {
  const { policy, timeoutMs } = options;
  const written = new Set(options.written.map((url) => nameOf(placeOf(url))));
  const secure = buildConnector({ timeout: timeoutMs });
  return (target, callback) => {
    const place = placeOf(target);
    const name = nameOf(place);
    const judge = (socket: Socket): Error | undefined => {
      const { remoteAddress } = socket;
      if (remoteAddress === undefined) return new Error('the connection was closed at once');
      const refusal = judgeAddress(policy, { ...place, isWritten: written.has(name) }, remoteAddress);
      policy.report?.(name, refusal);
      return refusal;
    };
    const go = (socket: Socket): void => {
      const fault = judge(socket);
      if (fault !== undefined) {
        socket.destroy();
        callback(fault, null);
      } else if (target.protocol === 'https:')
        secure({ ...target, httpSocket: withErrors(socket) }, callback);
      else callback(null, socket);
    };
    openSocket(place, options, {
      go,
      fail: (fault) => {
        callback(fault, null);
      },
    });
  };
}

interface Outcome {
  readonly go: (socket: Socket) => void;
  readonly fail: (fault: Error) => void;
}

/** Ends in one of both, once. */
function openSocket(
  { hostname, port }: Place,
  { timeoutMs, lookup }: ConnectorOptions,
  outcome: Outcome,
): void {
  const socket = connectTcp({
    host: hostname,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveMs,
    ...(lookup === undefined ? {} : { lookup }),
  });
  const late = setTimeout(() => {
    socket.destroy(new errors.ConnectTimeoutError(`no connection within ${timeoutMs} ms`));
  }, timeoutMs);
  const fail = (fault: Error): void => {
    clearTimeout(late);
    outcome.fail(fault);
  };
  socket.once('error', fail);
  socket.once('connect', () => {
    clearTimeout(late);
    socket.off('error', fail);
    outcome.go(socket);
  });
}

/** TLS hears of them by itself. */
function withErrors(socket: Socket): Socket {
  return socket.on('error', () => undefined);
}

function nameOf({ hostname, port }: Place): string {
  return hostname.includes(':') ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
