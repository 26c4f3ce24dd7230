// A legacy session: opened by the server's answer to `initialize`, and usable by none but the identity that opened it.
import type { RequestId } from '../admit/message.ts';
import type { Identity } from '../identify/identity.ts';
import type { ChangingList } from '../relay/lists/listKind.ts';
import type { RelayedEvents } from './relayedEvents.ts';

export interface Session {
  /** As the server named it. */
  readonly id: string;
  readonly server: string;
  readonly identity: Identity;
  /** The revision that client and server agreed on. */
  readonly protocol: string;
  /** The lists of which its server said that it tells when they change. */
  readonly changing: ReadonlySet<ChangingList>;
  readonly createdMs: number;
  /** When its client was last heard. */
  usedMs: number;
  /** What the client has asked for and not been answered yet, on whatever stream: the method by the id's key. */
  readonly asked: Map<string, string>;
  /** What the server has asked the client, with our consent: by the id's key by what the client may tell of progress. */
  readonly questions: Map<string, RequestId | undefined>;
  /** From where its client may go on. */
  readonly events: RelayedEvents;
}
