// Who sent a request: the connection it came on, or the token it carries.
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { Refusal } from '@cardea/schemas/codes';
import type { Caller } from '../callers/caller.ts';
import type { CallerTable } from '../callers/callerTable.ts';
import type { RateTable } from './rateTable.ts';

export type Transport = 'tcp' | 'unix';

/**
 * Throws Refusal `unauthenticated`, or `rate_limited` where the sender's address tries too often. A credential that is
 * right counts whatever else comes from its address: many callers may stand behind one.
 */
export function identify(
  request: IncomingMessage,
  transport: Transport,
  callers: CallerTable,
  attempts: RateTable,
): Caller {
  const { authorization } = request.headers;
  // A token that is sent has to be right, whatever else would identify its sender.
  const caller =
    authorization === undefined
      ? findByConnection(request, transport, callers)
      : callers.findByToken(authorization);
  if (caller !== undefined) return caller;
  attempts.enter(request.socket.remoteAddress ?? transport);
  throw new Refusal('unauthenticated', 'no known credential came with the request');
}

function findByConnection(
  request: IncomingMessage,
  transport: Transport,
  callers: CallerTable,
): Caller | undefined {
  if (transport === 'unix') return callers.socketCaller;
  if (!(request.socket instanceof TLSSocket)) return undefined;
  const fingerprint = fingerprintOf(request.socket);
  return fingerprint === undefined ? undefined : callers.findByCertificate(fingerprint);
}

/** Reading the certificate takes longer than a decision, and a connection has only one. */
const fingerprints = new WeakMap<TLSSocket, string>();

function fingerprintOf(socket: TLSSocket): string | undefined {
  const known = fingerprints.get(socket);
  if (known !== undefined) return known;
  const { fingerprint256 } = socket.getPeerCertificate() as { fingerprint256?: string };
  if (fingerprint256 === undefined) return undefined;
  const fingerprint = fingerprint256.replaceAll(':', '').toLowerCase();
  fingerprints.set(socket, fingerprint);
  return fingerprint;
}
