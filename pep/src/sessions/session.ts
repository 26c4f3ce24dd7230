// A legacy session: opened by the server's answer to `initialize`, and usable by none but the identity that opened it.
import type { RequestId } from '../admit/message.ts';
import type { Identity } from '../identify/identity.ts';
import type { RelayedEvents } from './relayedEvents.ts';
import type { SessionSeed } from './sealedId.ts';

/** What is known of how long and how lately something is in use. */
export interface Use {
  /** For policies, traces and people: it tells sessions apart, and opens none. */
  readonly name: string;
  readonly createdMs: number;
  /** When the last call came to its end; a stream on which nobody but the server speaks is no use. */
  usedMs: number;
  /** Under way. */
  calls: number;
}

export interface Session extends SessionSeed, Use {
  /** As its client has it. */
  readonly id: string;
  readonly server: string;
  readonly identity: Identity;
  /** It was opened before this process could see it: what was asked in it until then nobody here knows. */
  readonly isAdopted: boolean;
  /** What the client has asked for and not been answered yet, on whatever stream: the method by the id's key. */
  readonly asked: Map<string, string>;
  /** What the server has asked the client, with our consent: by the id's key by what the client may tell of progress. */
  readonly questions: Map<string, RequestId | undefined>;
  /** From where its client may go on. */
  readonly events: RelayedEvents;
}

/** Returns what ends it, to be called once. */
export function beginUse(use: Use, now: () => number): () => void {
  use.calls += 1;
  return () => {
    use.calls -= 1;
    use.usedMs = now();
  };
}
