// Where clients have no sessions the credential is one: it begins with its first use here, and anew with the first use
// after a pause. Its age is how long somebody has been at work with it, not how long ago it was issued.
import type { Identity } from '../identify/identity.ts';
import { ownerKey } from './owner.ts';
import type { Use } from './session.ts';

/** Those used longest ago are forgotten, and begin anew. */
const usesMax = 65_536;

export class CredentialUses {
  readonly #pauseMs: number;
  /** Wall clock, in milliseconds. */
  readonly #now: () => number;
  /** The one used last comes last. */
  readonly #uses = new Map<string, Use>();

  constructor(pauseMs: number, now: () => number) {
    this.#pauseMs = pauseMs;
    this.#now = now;
  }

  /** Whoever makes a call with it counts that call, and notes its end. */
  find(identity: Identity): Use {
    const nowMs = this.#now();
    const key = ownerKey(identity);
    const before = this.#uses.get(key);
    const isPaused = before !== undefined && before.calls === 0 && nowMs - before.usedMs > this.#pauseMs;
    const use =
      before === undefined || isPaused
        ? { name: identity.grant.id, createdMs: nowMs, usedMs: nowMs, calls: 0 }
        : before;
    this.#uses.delete(key);
    this.#uses.set(key, use);
    const [oldest] = this.#uses.keys();
    if (this.#uses.size > usesMax && oldest !== undefined) this.#uses.delete(oldest);
    return use;
  }
}
