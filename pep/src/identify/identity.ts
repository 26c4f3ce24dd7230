// Who calls: a person, the agent that acts for them, and the grant that binds the two. Verified before anything else
// is looked at, and looked up again just before a call is forwarded.
import type { Effect } from '@cardea/schemas/cedar';
import type { JsonObject } from '@cardea/schemas/json';

export interface PersonFacts {
  readonly id: string;
  /** All of them, nested ones included. */
  readonly groups: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
}

export interface AgentFacts extends PersonFacts {
  /** The person who answers for the agent. */
  readonly owner?: string;
}

export interface Grant {
  readonly id: string;
  readonly servers: readonly string[];
  /** Qualified names: `desk/refund_order`. */
  readonly tools: readonly string[];
  readonly effects: readonly string[];
  readonly issuedMs: number;
  readonly expiresMs: number;
}

export interface Identity {
  readonly grant: Grant;
  readonly person: PersonFacts;
  readonly agent: AgentFacts;
  /** What it would be with every scope there is for this server, where that is more. Lists show what it may see. */
  readonly whole?: Identity;
  /** As the decision API takes them: made once for each identity, and part of every question. */
  readonly words: IdentityWords;
  /** Of the whole of it: two identities with the same digest are the same in every verdict. */
  readonly digest: string;
}

export interface IdentityWords {
  readonly subject: JsonObject;
  readonly agent: JsonObject;
  readonly grant: JsonObject;
}

export type Found = Identity | undefined | Promise<Identity | undefined>;

export interface Identities {
  /**
   * Undefined for a token that is unknown, expired, revoked, or not for this server; which of them nobody learns. Who is
   * at hand comes without a promise. Throws and rejects with Refusal.
   */
  find(token: string, server: string): Found;
  /** Whether what `find` gave still stands, in the words that it had. */
  isCurrent(identity: Identity): boolean;
  /** Whether an answer that was begun for it may come to its end. */
  mayFinish(identity: Identity): boolean;
  /** Throws InsufficientScope where another token of the same person and agent could do it. */
  requireScope(identity: Identity, server: string, effect: Effect): void;
  /** Hears of every change after which somebody may see or do something else. Returns what ends that. */
  onChange(listener: () => void): () => void;
}
