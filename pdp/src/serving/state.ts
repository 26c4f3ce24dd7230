// What one worker knows at this moment: what it decides with, how fresh the authority is, who may ask. The supervisor
// writes it by messages; endpoints read it.
import { Refusal } from '@cardea/schemas/codes';
import type { WireReadiness } from '@cardea/schemas/wire';
import type { CallerTable } from '../callers/callerTable.ts';
import type { Serving } from './serving.ts';
import { explainStale, standingOf, type Authority, type Standing } from './standing.ts';

export type Problem = WireReadiness['problems'][number];

/** Somebody who is told what is current for as long as the service runs. */
export interface Follower {
  readonly onAuthority: (authority: Authority) => void;
  readonly onDrain: () => void;
}

export class State {
  callers: CallerTable;
  /** What the supervisor knows to be wrong. */
  problems: readonly Problem[] = [];
  readonly #now: () => number;
  readonly #followers = new Set<Follower>();
  #draining = false;
  #serving: Serving | undefined;
  #authority: Authority | undefined;

  /** `now` is the wall clock, in milliseconds: statements are compared with it. */
  constructor(callers: CallerTable, now: () => number) {
    this.callers = callers;
    this.#now = now;
  }

  /** Throws Refusal `not_ready` while there is no bundle to decide with. */
  get serving(): Serving {
    if (this.#serving === undefined) throw new Refusal('not_ready', 'no valid bundle is loaded');
    return this.#serving;
  }

  /** Between two requests: who has begun with the old one keeps it. */
  switchTo(serving: Serving): void {
    this.#serving = serving;
  }

  get authority(): Authority | undefined {
    return this.#authority;
  }

  renewAuthority(authority: Authority): void {
    this.#authority = authority;
    for (const follower of this.#followers) follower.onAuthority(authority);
  }

  /** Returns what ends the following. */
  follow(follower: Follower): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** From now on nothing new begins here. */
  drain(): void {
    this.#draining = true;
    for (const follower of this.#followers) follower.onDrain();
  }

  /** Asked anew for every decision: silence makes stale, not a message. */
  standingOf(bundle: string): Standing {
    return standingOf(bundle, this.#authority, this.#now());
  }

  /** Throws Refusal `stale_authority` where a list that is computed now could be one of yesterday's. */
  requireFresh(): void {
    if (this.#isStale())
      throw new Refusal('stale_authority', 'what is current has not been heard of, or had, for too long');
  }

  readiness(): WireReadiness {
    const problems = [...this.problems];
    const isStale = this.#isStale();
    if (isStale)
      problems.push({ code: 'stale_authority', message: explainStale(this.#authority, this.#now()) });
    if (this.#serving === undefined)
      problems.push({ code: 'not_ready', message: 'no valid bundle is loaded' });
    if (this.#draining) problems.push({ code: 'draining', message: 'the service is closing' });
    const bundle = this.#serving?.bundle;
    // A bundle that could not be loaded leaves the last good one in service for a while: that is a problem, and ready.
    const ready = bundle !== undefined && !this.#draining && !isStale;
    return { ready, ...(bundle === undefined ? {} : { bundle }), problems };
  }

  #isStale(): boolean {
    return this.standingOf(this.#serving?.bundle ?? this.#authority?.bundle ?? '') === 'stale';
  }
}
