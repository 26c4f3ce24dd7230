// What a receiver believes to be current. Statements come from whoever relays them, so all that counts is what they
// say of themselves and what was seen before: nothing is ever lowered, and age is measured from the signed time.

import type { Digest } from '@cardea/schemas/digest';
import type { Verifier } from '@cardea/schemas/note';
import { openStatement, StatementRefusal, type AuthorityStatement, type StatementCode } from './statement.ts';

export interface ReceiverOptions {
  readonly verifiers: readonly Verifier[];
  readonly organisation: string;
  readonly now: () => number;
  /** Beyond this age everything is denied: 5 to 300 s, never off. */
  readonly staleMs?: number;
  /** Keeps the floor over restarts. Without it, a restarted receiver accepts any statement that has not expired. */
  readonly floors?: FloorStore;
}

/** What later statements may not go below. */
export interface Floor {
  readonly seq: number;
  readonly bundle: Digest;
  readonly revocations: number;
}

export interface FloorStore {
  /** Undefined before the first one. Throws where there is one that cannot be read. */
  load(): Floor | undefined;
  /** Returns when the floor survives a crash. */
  save(floor: Floor): void;
}

export type Received =
  /** `changed` tells whether another bundle, or another number of revocations, is current from now on. */
  | { readonly kind: 'accepted'; readonly statement: AuthorityStatement; readonly changed: boolean }
  | { readonly kind: 'refused'; readonly code: StatementCode; readonly message: string };

/** `lagging`: decide, but use no cache. `stale`: deny. */
export type Freshness = 'fresh' | 'lagging' | 'stale';

/** How far the clocks of signer and receiver may differ. */
export const skewMs = 2_000;

export const laggingMs = 5_000;
export const staleMsDefault = 30_000;
const staleMsMin = 5_000;
const staleMsMax = 300_000;

export class AuthorityReceiver {
  readonly #options: ReceiverOptions;
  readonly #staleMs: number;
  #floor: Floor | undefined;
  #current: AuthorityStatement | undefined;

  /** Throws RangeError for a limit outside 5 to 300 s, and what the store throws. */
  constructor(options: ReceiverOptions) {
    const staleMs = options.staleMs ?? staleMsDefault;
    if (!(staleMs >= staleMsMin && staleMs <= staleMsMax)) {
      throw new RangeError(`a statement goes stale after ${staleMsMin} to ${staleMsMax} ms`);
    }
    this.#options = options;
    this.#staleMs = staleMs;
    this.#floor = options.floors?.load();
  }

  /** The last accepted statement, however old. */
  get current(): AuthorityStatement | undefined {
    return this.#current;
  }

  /** Takes bytes from anyone. What is refused changes nothing. */
  receive(bytes: Uint8Array): Received {
    try {
      const statement = openStatement(bytes, this.#options.verifiers);
      this.#requireTimely(statement);
      this.#requireNotLowered(statement);
      const changed = this.#raiseFloor(statement);
      this.#current = statement;
      return { kind: 'accepted', statement, changed };
    } catch (error) {
      if (!(error instanceof StatementRefusal)) throw error;
      return { kind: 'refused', code: error.code, message: error.message };
    }
  }

  /** Age of what is known to be current; infinite before the first statement. */
  lagMs(now = this.#options.now()): number {
    return this.#current === undefined ? Infinity : Math.max(0, now - this.#current.issuedAtMs);
  }

  freshness(now = this.#options.now()): Freshness {
    const current = this.#current;
    if (current === undefined || now >= current.notAfterMs) return 'stale';
    // A clock that was set back must not make old news young.
    if (now < current.issuedAtMs - skewMs) return 'stale';
    const lagMs = this.lagMs(now);
    if (lagMs > this.#staleMs) return 'stale';
    return lagMs > laggingMs ? 'lagging' : 'fresh';
  }

  #requireTimely(statement: AuthorityStatement): void {
    const { organisation, now } = this.#options;
    if (statement.organisation !== organisation) {
      throw new StatementRefusal('statement_foreign', `this statement belongs to ${statement.organisation}`);
    }
    const nowMs = now();
    if (statement.issuedAtMs > nowMs + skewMs) {
      throw new StatementRefusal('statement_from_future', 'this statement was issued in the future');
    }
    if (nowMs >= statement.notAfterMs) {
      throw new StatementRefusal('statement_expired', 'this statement has expired');
    }
  }

  #requireNotLowered(statement: AuthorityStatement): void {
    const floor = this.#floor;
    if (floor === undefined) return;
    if (statement.seq < floor.seq || statement.revocations < floor.revocations) {
      throw new StatementRefusal('statement_lowered', `seq ${floor.seq} was seen before`);
    }
    if (statement.seq > floor.seq) return;
    if (statement.bundle !== floor.bundle) {
      throw new StatementRefusal('statement_conflicting', `seq ${floor.seq} named another bundle before`);
    }
    if (statement.issuedAtMs < (this.#current?.issuedAtMs ?? 0)) {
      throw new StatementRefusal('statement_replayed', 'a later statement was seen before');
    }
  }

  #raiseFloor({ seq, bundle, revocations }: AuthorityStatement): boolean {
    const isFirst = this.#current === undefined;
    const isKept = this.#floor?.seq === seq && this.#floor.revocations === revocations;
    if (isKept) return isFirst;
    try {
      this.#options.floors?.save({ seq, bundle, revocations });
    } catch (cause) {
      throw new StatementRefusal('statement_unsaved', 'the floor could not be saved', { cause });
    }
    this.#floor = { seq, bundle, revocations };
    return true;
  }
}
