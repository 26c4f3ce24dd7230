// What the relay is told of the exchange that a reply belongs to, and whom it asks while it relays.
import type { ServerResponse } from 'node:http';
import type { Era } from '../admit/era.ts';
import type { RequestId } from '../admit/message.ts';
import type { Secret } from '../config/secret.ts';
import type { Verdict } from '../decide/verdict.ts';
import type { Identity } from '../identify/identity.ts';
import type { Visible } from '../resolve/visibility.ts';
import type { Session } from '../sessions/session.ts';
import type { TaskTable } from '../tasks/taskTable.ts';
import type { JsonObject } from '@cardea/schemas/json';
import type { HeldBytes } from './heldBytes.ts';
import type { ChangingList } from './lists/listKind.ts';
import type { OpenStreams } from './openStreams.ts';
import type { RelayEvent } from './relayEvent.ts';
import type { RelayLimits } from './relayLimits.ts';

export interface RelayContext {
  /** Its id. */
  readonly server: string;
  readonly identity: Identity;
  readonly era: Era;
  /** Of the request that is replied to. */
  readonly httpMethod: 'POST' | 'GET' | 'DELETE';
  /** Undefined in the stateless era, where a server has no sessions, and until `initialize` is answered. */
  readonly session: Session | undefined;
  /** The requests of this POST by the keys of their ids; empty where there are none. */
  readonly asked: ReadonlyMap<string, RelayedRequest>;
  /** They came in an array, so their answers may. In a session of the revision that has arrays they always may. */
  readonly isBatch?: boolean;
  /** Told once its client listens: from then on this is a stream, and no request that is under way. */
  readonly onListening?: () => void;
}

export interface RelayedRequest {
  readonly id: RequestId;
  readonly method: string;
  readonly params: JsonObject | undefined;
}

/** Given once. None of them may throw anything but a Refusal; whatever else they throw counts as `internal_fault`. */
export interface RelayOptions {
  /** Where it throws or rejects, what depends on it is withheld with the code of the Refusal. */
  readonly visible: (identity: Identity, server: string) => Visible | Promise<Visible>;
  /** What no client may read of the server. */
  readonly secretOf: (server: string) => Secret | undefined;
  /** Whether who asked still stands: time has gone by since. */
  readonly mayStay: (context: RelayContext) => boolean;
  /** Judges what a server asks of the client. Methods that it does not know it denies. */
  readonly judge: (
    method: string,
    params: JsonObject | undefined,
    context: RelayContext,
  ) => Verdict | Promise<Verdict>;
  /**
   * Called before the client sees the answer to `initialize`; undefined where the server has no sessions. A Refusal becomes
   * the answer instead.
   */
  readonly openSession: (context: RelayContext, opening: SessionOpening) => Session | undefined;
  /** What a client calls an event, so that it may go on from there; undefined where that is what its server calls it. */
  readonly nameEvent?: ((id: string, session: Session) => string) | undefined;
  /** What the client gets in the place of a state that the server wants back. Throws Refusal for one that cannot be. */
  readonly sealState: (state: string, request: RelayedRequest, context: RelayContext) => string;
  /** Sends the server the answer to a request of its own that the client, who waits for `response`, never saw. */
  readonly answerServer: (context: RelayContext, answer: JsonObject, response: ServerResponse) => void;
  /** Who has started which task. */
  readonly tasks: Pick<TaskTable, 'keep' | 'find'>;
  readonly streams: OpenStreams;
  readonly limits: RelayLimits;
  readonly held: HeldBytes;
  readonly report: (event: RelayEvent, context: RelayContext) => void;
}

/** What a server said when it opened a session. */
export interface SessionOpening {
  /** Undefined where the server has no sessions. */
  readonly id: string | undefined;
  /** One of the revisions of the legacy era. */
  readonly protocol: string;
  readonly changing: ReadonlySet<ChangingList>;
}
