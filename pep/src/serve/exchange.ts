// One request of a client on its way through the steps, and what all steps share.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Claims } from '../admit/headers.ts';
import type { Upstream } from '../act/upstream.ts';
import type { Refused } from '../identify/protectedResources.ts';
import type { Identities, Identity } from '../identify/identity.ts';
import type { ProxyLimits } from '../limits.ts';
import type { OpenStreams } from '../relay/openStreams.ts';
import type { RelayContext, RelayOptions } from '../relay/relayContext.ts';
import type { Report } from '../telemetry/proxyEvent.ts';
import type { CredentialUses } from '../sessions/credentialUses.ts';
import type { RequestStates } from '../sessions/requestStates.ts';
import type { SealedEvents } from '../sessions/sealedEvents.ts';
import type { Session } from '../sessions/session.ts';
import type { SessionTable } from '../sessions/sessionTable.ts';
import type { Place } from './gate.ts';
import type { Asker, Judge } from './judge.ts';

export interface Exchange {
  readonly server: string;
  readonly upstream: Upstream;
  readonly identity: Identity;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly departure: Departure;
  /** What WWW-Authenticate says where it is refused. */
  readonly challenge: (refused: Refused) => string | undefined;
  readonly place: Place;
}

/** What one proxy has of each. */
export interface Parts {
  readonly judge: Judge;
  readonly identities: Identities;
  readonly sessions: SessionTable;
  readonly uses: CredentialUses;
  readonly states: RequestStates;
  /** Undefined where no other proxy relays events of the same sessions. */
  readonly events: SealedEvents | undefined;
  readonly streams: OpenStreams;
  readonly relay: RelayOptions;
  readonly limits: ProxyLimits;
  /** Wall clock, in milliseconds. */
  readonly now: () => number;
  readonly report: Report;
}

/** What the relay is told of, and tells of again: who asked. */
export type ServedContext = RelayContext & Asker;

export function describeAsker(
  { request, server, identity }: Exchange,
  { era, version }: Claims,
  { session, use }: Pick<Asker, 'session' | 'use'>,
): Asker {
  return {
    server,
    era,
    identity,
    session,
    use,
    headers: request.headers,
    address: readAddress(request.socket.remoteAddress),
    // What was negotiated counts, whatever a header says.
    protocol: session?.protocol ?? version ?? '',
  };
}

/** Where there is no session the credential is one. */
export function useOf(
  session: Session | undefined,
  { identity }: Exchange,
  { uses }: Parts,
): Pick<Asker, 'session' | 'use'> {
  return { session, use: session ?? uses.find(identity) };
}

/** IPv4 that arrived on a socket of both families is written as IPv4. */
function readAddress(address = '0.0.0.0'): string {
  return address.replace(/^::ffff:(?=\d)/, '').replace(/%.*$/, '');
}

/** The client's leaving, heard once by whoever has to stop for it. */
export class Departure {
  #hasLeft = false;
  #ends: (() => void)[] = [];

  constructor(response: ServerResponse) {
    response.on('close', () => {
      // An answer that was sent whole closes too.
      if (response.writableFinished) return;
      this.#hasLeft = true;
      for (const end of this.#ends.splice(0)) end();
    });
  }

  get hasLeft(): boolean {
    return this.#hasLeft;
  }

  onAbort(end: () => void): void {
    if (this.#hasLeft) end();
    else this.#ends.push(end);
  }
}
