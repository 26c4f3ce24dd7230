// Follows what is current: statements from the decision service's stream, each verified with our own keys and never
// going back; and the bundle that the last one names, opened from the archive under our own trust. Nobody on the way is
// believed, and when all is silent what was heard goes stale by itself.
import { setTimeout as delay } from 'node:timers/promises';
import {
  AuthorityReceiver,
  BundleKeeper,
  staleMsDefault,
  type FloorStore,
  type Freshness,
} from '@cardea/bundles/authority';
import { openBundle, type BundleSource, type OpenedBundle, type Trust } from '@cardea/bundles/open';
import type { DialPolicy } from '@cardea/dial';
import type { Digest } from '@cardea/schemas/digest';
import type { Verifier } from '@cardea/schemas/note';
import type { DecisionEndpoint } from '../config/decisionEndpoint.ts';
import type { OnProblem } from '../health/problems.ts';
import type { Authority } from './authority.ts';
import { readStatements } from './statementStream.ts';

export interface FollowOptions {
  readonly decision: DecisionEndpoint;
  readonly dial: DialPolicy;
  /** The archive. */
  readonly source: BundleSource;
  readonly trust: Trust;
  readonly verifiers: readonly Verifier[];
  /** Beyond this age everything is denied: 5 to 300 s. */
  readonly staleMs?: number;
  /** Keeps what was seen over restarts. */
  readonly floors?: FloorStore;
  /** The wall clock, in milliseconds. */
  readonly now: () => number;
  /** At least 0, less than 1: spreads the reconnects of many proxies. */
  readonly random: () => number;
  readonly report: OnProblem;
  readonly onBundle?: (digest: Digest) => void;
}

export interface FollowedAuthority extends Authority {
  /** Resolves when something is current and was tried, or when the time is over. */
  readonly settle: (timeoutMs: number) => Promise<void>;
  readonly lagMs: () => number;
}

const quietMs = 4_000;
const pauseMsMin = 100;
const pauseMsMax = 2_000;

/** Bundles that are kept open: a digest names the same bytes for ever, and a rollback should not wait. */
const recentMax = 3;

/** Throws RangeError for `staleMs` out of range, and what the floor store throws. */
export function followAuthority(options: FollowOptions): FollowedAuthority {
  return new AuthorityFollower(options);
}

class AuthorityFollower implements FollowedAuthority {
  readonly #options: FollowOptions;
  readonly #receiver: AuthorityReceiver;
  readonly #keeper: BundleKeeper<OpenedBundle>;
  readonly #recent = new Map<Digest, OpenedBundle>();
  readonly #listeners = new Set<() => void>();
  readonly #stop = new AbortController();
  readonly #following: Promise<void>;
  #bundle: OpenedBundle | undefined;
  /** Since when another one is stated than the one that is open. */
  #supersededMs: number | undefined;
  #accepted = 0;

  constructor(options: FollowOptions) {
    this.#options = options;
    const { trust, report } = options;
    this.#receiver = new AuthorityReceiver({ ...options, organisation: trust.organisation });
    this.#keeper = new BundleKeeper({
      load: (digest) => this.#open(digest),
      deploy: (bundle) => {
        this.#switch(bundle);
        return undefined;
      },
      onLoaded: () => {
        report('bundle', undefined);
      },
      onKept: () => {
        report('bundle', undefined);
      },
      onRefused: (digest, code, message) => {
        const summary = 'the bundle that is stated to be current cannot be opened';
        report('bundle', { code, message: summary, detail: `${digest}: ${message}` });
      },
    });
    this.#following = this.#follow();
  }

  readonly bundle = (): OpenedBundle | undefined => this.#bundle;

  readonly lagMs = (): number => this.#receiver.lagMs();

  readonly freshness = (): Freshness => {
    // INVARIANT: no feed of revocations is read here, so a statement that counts one says that we are behind.
    if ((this.#receiver.current?.revocations ?? 0) > 0) return 'stale';
    const freshness = this.#receiver.freshness();
    return freshness === 'fresh' ? this.#succession() : freshness;
  };

  /** What another bundle has taken the place of decides for as long as silence would let it, and nothing of it is kept. */
  #succession(): Freshness {
    if (this.#supersededMs === undefined) return 'fresh';
    const { now, staleMs = staleMsDefault } = this.#options;
    const sinceMs = now() - this.#supersededMs;
    // A clock that was set back must not make this last.
    return sinceMs >= 0 && sinceMs <= staleMs ? 'lagging' : 'stale';
  }

  #noteSuccession(): void {
    const stated = this.#receiver.current?.bundle;
    const isCurrent = this.#bundle === undefined || this.#bundle.digest === stated;
    this.#supersededMs = isCurrent ? undefined : (this.#supersededMs ?? this.#options.now());
  }

  readonly onChange = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly settle = async (timeoutMs: number): Promise<void> => {
    const late = new AbortController();
    await Promise.race([
      this.#keeper.settle(),
      delay(timeoutMs, undefined, { signal: late.signal }).catch(() => undefined),
    ]);
    late.abort();
  };

  readonly close = async (): Promise<void> => {
    this.#stop.abort();
    await this.#following;
    await this.#keeper.close();
  };

  async #follow(): Promise<void> {
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      failures = (await this.#listen()) ? 0 : failures + 1;
      await this.#pause(failures);
    }
  }

  /** One stream to its end. Whether anything was accepted from it. */
  async #listen(): Promise<boolean> {
    const { decision, dial, report } = this.#options;
    const { signal } = this.#stop;
    const before = this.#accepted;
    const onStatement = (bytes: Uint8Array): void => {
      this.#receive(bytes);
    };
    const ending = await readStatements(decision, { dial, onStatement, signal, quietMs });
    const isHeard = this.#accepted > before;
    // Streams end when a service is replaced: only one that does not come back is a problem.
    if (!isHeard && !signal.aborted) {
      const message = 'the decision service states nothing that can be used';
      report('authority', { code: 'authority_unheard', message, detail: ending });
    }
    return isHeard;
  }

  #receive(bytes: Uint8Array): void {
    const { report } = this.#options;
    const received = this.#receiver.receive(bytes);
    if (received.kind === 'refused') {
      const { code, message: detail } = received;
      // Another service of several may lag behind the one before it; the next statement is newer than both.
      if (code === 'statement_replayed') return;
      report('authority', { code, message: 'a statement of what is current was refused', detail });
      return;
    }
    const { bundle, revocations } = received.statement;
    this.#accepted += 1;
    this.#noteSuccession();
    const message = 'revocations were stated that this proxy cannot read';
    report(
      'authority',
      revocations === 0 ? undefined : { code: 'revocations_unread', message, detail: `${revocations}` },
    );
    this.#keeper.want(bundle);
  }

  /** Throws BundleRefusal. */
  async #open(digest: Digest): Promise<OpenedBundle> {
    const { source, trust } = this.#options;
    return this.#recent.get(digest) ?? (await openBundle(source, digest, trust, 'offer'));
  }

  /** Between two calls: who has begun with the old one keeps it, and its verdict is denied as `bundle_changed`. */
  #switch(bundle: OpenedBundle): void {
    this.#bundle = bundle;
    this.#noteSuccession();
    // Map order is recency: the first key is the one to go.
    this.#recent.delete(bundle.digest);
    this.#recent.set(bundle.digest, bundle);
    const [oldest] = this.#recent.keys();
    if (oldest !== undefined && this.#recent.size > recentMax) this.#recent.delete(oldest);
    this.#options.onBundle?.(bundle.digest);
    for (const listener of this.#listeners) listener();
  }

  async #pause(failures: number): Promise<void> {
    const pauseMs = Math.min(pauseMsMax, pauseMsMin * 2 ** Math.min(failures, 10));
    const spreadMs = pauseMs * (0.5 + this.#options.random() / 2);
    await delay(spreadMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}
