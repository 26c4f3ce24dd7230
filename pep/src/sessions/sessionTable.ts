// The legacy sessions that this process has seen. One is found by its sealed id, whichever replica sealed it, and only by
// the identity that opened it: for everybody else it does not exist.
import { hash } from 'node:crypto';
import { Refusal } from '@cardea/schemas/codes';
import type { Identity } from '../identify/identity.ts';
import { isSameOwner, ownerKey } from './owner.ts';
import { RelayedEvents } from './relayedEvents.ts';
import { isSealedId, type SealedIds, type SessionSeed } from './sealedId.ts';
import type { Session } from './session.ts';
import type { SessionLimits } from './sessionLimits.ts';

export interface SessionTableOptions {
  readonly limits: SessionLimits;
  readonly ids: SealedIds;
  /** Wall clock, in milliseconds. */
  readonly now: () => number;
}

type Opening = Omit<SessionSeed, 'createdMs'> & Pick<Session, 'server' | 'identity'>;

/** Of those that are over, so that no id of theirs is taken up again. What is forgotten the server still knows. */
const endedMax = 65_536;

export class SessionTable {
  readonly #options: SessionTableOptions;
  /** By server and sealed id, in the order in which they were seen. */
  readonly #sessions = new Map<string, Session>();
  /** By the server's own id. */
  readonly #ofServers = new Map<string, Session>();
  readonly #perOwner = new Map<string, number>();
  readonly #ended = new Set<string>();

  constructor(options: SessionTableOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Before an `initialize` is forwarded: a session that could not be kept is better not opened. Throws Refusal. */
  requireRoom(identity: Identity): void {
    const { sessionsMax, perIdentityMax } = this.#options.limits;
    const isFull = (): boolean => this.#sessions.size >= sessionsMax;
    const hasAll = (): boolean => (this.#perOwner.get(ownerKey(identity)) ?? 0) >= perIdentityMax;
    if (isFull() || hasAll()) this.#sweep();
    if (isFull()) throw new Refusal('overloaded', `${sessionsMax} sessions are open`);
    if (hasAll()) throw new Refusal('overloaded', `this identity has ${perIdentityMax} sessions open`);
  }

  /** Undefined for an id that is none, or that the server has given to somebody else already. */
  open({ server, identity, ...opened }: Opening): Session | undefined {
    const seed = { ...opened, createdMs: this.#options.now() };
    const before = this.#ofServers.get(keyOf(server, seed.upstreamId));
    const id = this.#options.ids.seal(seed, server, identity);
    if (id === undefined || (before !== undefined && !isSameOwner(before.identity, identity)))
      return undefined;
    // A server may begin anew under a name that its client has had before.
    if (before !== undefined) this.end(before);
    return this.#add({ ...makeSession(id, seed, seed.createdMs), server, identity, isAdopted: false });
  }

  /**
   * Throws Refusal `unknown_session` for one that does not exist, is over, or belongs to another identity, and `overloaded`
   * for one of another replica where there is no room.
   */
  find(server: string, id: string, identity: Identity): Session {
    const session = this.#sessions.get(keyOf(server, id)) ?? this.#adopt(server, id, identity);
    if (session === undefined || !isSameOwner(session.identity, identity)) throw unknown();
    if (!this.#isPast(session)) return session;
    this.end(session);
    throw unknown();
  }

  /** It has ended, or would if somebody looked for it. */
  isOver(session: Session): boolean {
    return this.#sessions.get(keyOf(session.server, session.id)) !== session || this.#isPast(session);
  }

  end(session: Session): void {
    const key = keyOf(session.server, session.id);
    if (!this.#sessions.delete(key)) return;
    this.#ofServers.delete(keyOf(session.server, session.upstreamId));
    this.#count(session.identity, -1);
    this.#ended.add(key);
    const [oldest] = this.#ended;
    if (this.#ended.size > endedMax && oldest !== undefined) this.#ended.delete(oldest);
  }

  /** One that another replica has opened, or this one before it was started again. */
  #adopt(server: string, id: string, identity: Identity): Session | undefined {
    if (!isSealedId(id) || this.#ended.has(keyOf(server, id))) return undefined;
    const { ids, now } = this.#options;
    const seed = ids.open(id, server, identity);
    if (seed === undefined) return undefined;
    const known = this.#ofServers.get(keyOf(server, seed.upstreamId));
    // Of two that the server has called the same, the one that it opened last is meant.
    if (known !== undefined && !(isSameOwner(known.identity, identity) && known.createdMs < seed.createdMs))
      return undefined;
    const session = { ...makeSession(id, seed, now()), server, identity, isAdopted: true };
    if (this.#isPast(session)) return undefined;
    if (known !== undefined) this.end(known);
    this.requireRoom(identity);
    return this.#add(session);
  }

  #isPast({ createdMs, usedMs, calls }: Session): boolean {
    const { now, limits } = this.#options;
    const nowMs = now();
    return nowMs - createdMs > limits.maxAgeMs || (calls === 0 && nowMs - usedMs > limits.idleMs);
  }

  #add(session: Session): Session {
    this.#sessions.set(keyOf(session.server, session.id), session);
    this.#ofServers.set(keyOf(session.server, session.upstreamId), session);
    this.#count(session.identity, 1);
    return session;
  }

  #count(identity: Identity, by: number): void {
    const key = ownerKey(identity);
    const count = (this.#perOwner.get(key) ?? 0) + by;
    if (count > 0) this.#perOwner.set(key, count);
    else this.#perOwner.delete(key);
  }

  #sweep(): void {
    for (const session of this.#sessions.values()) if (this.#isPast(session)) this.end(session);
  }
}

/** One answer, whatever is the reason. */
function unknown(): Refusal {
  return new Refusal('unknown_session', 'there is no such session');
}

function keyOf(server: string, id: string): string {
  return `${server} ${id}`;
}

const nameCharacters = 32;

function makeSession(
  id: string,
  seed: SessionSeed,
  usedMs: number,
): Omit<Session, 'server' | 'identity' | 'isAdopted'> {
  const name = hash('sha256', id).slice(0, nameCharacters);
  const known = { asked: new Map(), questions: new Map(), events: new RelayedEvents() };
  return { ...seed, ...known, id, name, usedMs, calls: 0 };
}
