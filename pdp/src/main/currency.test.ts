import { describe, expect, it } from '@jest/globals';
import type { AuthorityStatement } from '@cardea/bundles/authority';
import { digestOf, type Digest } from '@cardea/schemas/digest';
import { standingOf, type Standing } from '../serving/standing.ts';
import type { LogEvent } from '../telemetry/log.ts';
import { Currency } from './currency.ts';

const [old, next, later] = ['old', 'next', 'later'].map(digestOf) as [Digest, Digest, Digest];
const staleMs = 30_000;

/** A service that decides with one bundle, whatever is stated. */
class Served {
  nowMs = 1_000_000;
  bundle: string = old;
  readonly told: string[] = [];
  readonly #currency = new Currency({
    staleMs,
    now: () => this.nowMs,
    log: (event: LogEvent) => {
      this.told.push('message' in event ? `${event.event}: ${event.message}` : event.event);
    },
  });

  /** A statement a second for so long. */
  state(bundle: Digest, seconds: number): void {
    for (let second = 0; second < seconds; second += 1) {
      const notAfterMs = this.nowMs + staleMs;
      const statement = { bundle, issuedAtMs: this.nowMs, notAfterMs } as AuthorityStatement;
      this.#currency.accept(statement, new Uint8Array());
      this.#currency.check(this.bundle);
      this.nowMs += 1_000;
    }
  }

  pass(seconds: number): void {
    this.nowMs += seconds * 1_000;
    this.#currency.check(this.bundle);
  }

  get standing(): Standing {
    return standingOf(this.bundle, this.#currency.authorityFor(this.bundle), this.nowMs);
  }
}

describe('a bundle', () => {
  it('is current while it is stated, and stale when nothing is', () => {
    const served = new Served();
    expect(served.standing).toBe('stale');
    served.state(old, 100);
    expect(served.standing).toBe('current');
    served.pass(29);
    expect(served.standing).toBe('stale');
  });

  it('that is stated no more decides no longer than a silent signer would let it', () => {
    const served = new Served();
    served.state(old, 100);
    served.state(next, 1);
    expect(served.standing).toBe('superseded');
    served.state(next, 28);
    expect(served.standing).toBe('superseded');
    served.state(next, 1);
    expect(served.standing).toBe('stale');
    served.bundle = next;
    expect(served.standing).toBe('current');
  });

  it('gains no time by another that is stated meanwhile', () => {
    const served = new Served();
    served.state(old, 1);
    served.state(next, 20);
    served.state(later, 10);
    expect(served.standing).toBe('stale');
  });

  it('that comes into service when it has long been superseded does not decide', () => {
    const served = new Served();
    served.state(old, 1);
    served.state(next, 1);
    served.state(later, 40);
    served.bundle = next;
    expect(served.standing).toBe('stale');
  });

  it('is current again after a rollback to it', () => {
    const served = new Served();
    served.state(old, 1);
    served.state(next, 40);
    served.state(old, 1);
    expect(served.standing).toBe('current');
  });

  it('of which nobody knows since when it is superseded counts from the statement in use', () => {
    const served = new Served();
    served.bundle = digestOf('never stated');
    served.state(next, 1);
    expect(served.standing).toBe('superseded');
    served.state(next, 30);
    expect(served.standing).toBe('stale');
  });
});

it('tells once when nothing is decided any more, why, and when that is over', () => {
  const served = new Served();
  served.pass(1);
  served.pass(1);
  served.state(old, 2);
  served.pass(40);
  served.state(next, 40);
  served.state(old, 2);
  expect(served.told).toEqual([
    'authority_stale: no authority statement has been heard',
    'authority_fresh',
    'authority_stale: the authority statement is too old',
    'authority_fresh',
    'authority_stale: the bundle that is current could not be had for too long',
    'authority_fresh',
  ]);
});
