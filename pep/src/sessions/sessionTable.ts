// The legacy sessions of this process. One is found only by the identity that opened it: for everybody else it does not
// exist.
import { Refusal } from '@cardea/schemas/codes';
import type { Identity } from '../identify/identity.ts';
import { RelayedEvents } from './relayedEvents.ts';
import type { Session } from './session.ts';

export interface SessionLimits {
  readonly sessionsMax: number;
  readonly sessionsPerGrantMax: number;
  readonly idleMs: number;
}

export const sessionLimitsDefault: SessionLimits = {
  sessionsMax: 65_536,
  sessionsPerGrantMax: 1_024,
  idleMs: 24 * 3_600_000,
};

/** Ids are visible ASCII (MCP 2025-11-25, Session Management); longer ones are none. */
const idPattern = /^[\x21-\x7e]{1,512}$/;

export class SessionTable {
  readonly #limits: SessionLimits;
  /** Wall clock, in milliseconds. */
  readonly #now: () => number;
  /** In the order in which they were opened. */
  readonly #sessions = new Map<string, Session>();
  readonly #perGrant = new Map<string, number>();

  constructor(limits: SessionLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Before an `initialize` is forwarded: a session that could not be kept is better not opened. Throws Refusal. */
  requireRoom({ grant }: Identity): void {
    if (this.#sessions.size >= this.#limits.sessionsMax) this.#sweep();
    if (this.#sessions.size >= this.#limits.sessionsMax) {
      throw new Refusal('overloaded', `${this.#limits.sessionsMax} sessions are open`);
    }
    if ((this.#perGrant.get(grant.id) ?? 0) < this.#limits.sessionsPerGrantMax) return;
    this.#sweep();
    if ((this.#perGrant.get(grant.id) ?? 0) < this.#limits.sessionsPerGrantMax) return;
    throw new Refusal('overloaded', `this grant has ${this.#limits.sessionsPerGrantMax} sessions open`);
  }

  /** Undefined for an id that is none, or that the server has given to somebody else already. */
  open(
    id: string,
    { server, identity, protocol, changing }: Pick<Session, 'server' | 'identity' | 'protocol' | 'changing'>,
  ): Session | undefined {
    const key = keyOf(server, id);
    const before = this.#sessions.get(key);
    if (!idPattern.test(id) || (before !== undefined && !isSame(before.identity, identity))) return undefined;
    // A server may begin anew under a name that its client has had before.
    if (before !== undefined) this.end(before);
    const nowMs = this.#now();
    const session: Session = {
      id,
      server,
      identity,
      protocol,
      changing,
      createdMs: nowMs,
      usedMs: nowMs,
      asked: new Map(),
      questions: new Map(),
      events: new RelayedEvents(),
    };
    this.#sessions.set(key, session);
    this.#count(identity, 1);
    return session;
  }

  /** Throws Refusal `unknown_session` for one that does not exist, is over, or belongs to another identity. */
  find(server: string, id: string, identity: Identity): Session {
    const session = this.#sessions.get(keyOf(server, id));
    if (session === undefined || !isSame(session.identity, identity)) {
      throw new Refusal('unknown_session', 'there is no such session');
    }
    if (this.#now() - session.usedMs <= this.#limits.idleMs) return session;
    this.end(session);
    throw new Refusal('unknown_session', 'there is no such session');
  }

  end(session: Session): void {
    if (this.#sessions.delete(keyOf(session.server, session.id))) this.#count(session.identity, -1);
  }

  #count({ grant }: Identity, by: number): void {
    const count = (this.#perGrant.get(grant.id) ?? 0) + by;
    if (count > 0) this.#perGrant.set(grant.id, count);
    else this.#perGrant.delete(grant.id);
  }

  #sweep(): void {
    const nowMs = this.#now();
    for (const session of this.#sessions.values()) {
      if (nowMs - session.usedMs > this.#limits.idleMs) this.end(session);
    }
  }
}

function keyOf(server: string, id: string): string {
  return `${server} ${id}`;
}

/** The person, the agent and the grant; what they may has room to change. */
function isSame(left: Identity, right: Identity): boolean {
  return (
    left.grant.id === right.grant.id && left.person.id === right.person.id && left.agent.id === right.agent.id
  );
}
