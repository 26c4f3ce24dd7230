// What is stated to be current, for the workers; and a word to whoever runs the service when that is no longer enough to
// decide by, and when it is again.
import { skewMs, type AuthorityStatement } from '@cardea/bundles/authority';
import { explainStale, standingOf, type Authority } from '../serving/standing.ts';
import type { Log } from '../telemetry/log.ts';
import { Succession } from './succession.ts';

export interface CurrencyOptions {
  readonly staleMs: number;
  /** The wall clock, in milliseconds. */
  readonly now: () => number;
  readonly log: Log;
}

export class Currency {
  readonly #options: CurrencyOptions;
  readonly #succession = new Succession();
  #stated: Omit<Authority, 'supersededAtMs'> | undefined;
  #isStale = false;

  constructor(options: CurrencyOptions) {
    this.#options = options;
  }

  /** `bytes` are the statement's own. */
  accept({ bundle, issuedAtMs, notAfterMs }: AuthorityStatement, bytes: Uint8Array): void {
    const { staleMs, now } = this.#options;
    this.#succession.note(bundle, now());
    const staleAtMs = Math.min(notAfterMs, issuedAtMs + staleMs);
    this.#stated = { bytes, bundle, freshFromMs: issuedAtMs - skewMs, staleAtMs };
  }

  /** For whoever decides with that bundle; undefined before the first statement. */
  authorityFor(serving: string | undefined): Authority | undefined {
    if (this.#stated === undefined) return undefined;
    const supersededAtMs = this.#succession.supersededMs(serving) + this.#options.staleMs;
    return { ...this.#stated, supersededAtMs };
  }

  /** Call at a regular pace: silence makes stale, and comes without a word. */
  check(serving: string | undefined): void {
    const { now, log } = this.#options;
    const authority = this.authorityFor(serving);
    const isStale = standingOf(serving ?? authority?.bundle ?? '', authority, now()) === 'stale';
    if (isStale === this.#isStale) return;
    this.#isStale = isStale;
    if (isStale) log({ event: 'authority_stale', message: explainStale(authority, now()) });
    else log({ event: 'authority_fresh' });
  }
}
