// Verdicts in this process, by everything that they depend on. They end by a clock that cannot be set, and all of them
// with their bundle. Whoever reads the cache has checked identity and authority before.
import type { Verdict } from './verdict.ts';

/** Longest lives, whatever the decision service says. */
const allowLifetimeMsMax = 60_000;
const denyLifetimeMsMax = 10_000;

interface Kept {
  readonly verdict: Verdict;
  readonly endMs: number;
}

export class VerdictCache {
  readonly #entriesMax: number;
  /** Monotonic, in milliseconds. */
  readonly #now: () => number;
  #young = new Map<string, Kept>();
  #old = new Map<string, Kept>();

  constructor(entriesMax: number, now: () => number) {
    this.#entriesMax = entriesMax;
    this.#now = now;
  }

  find(key: string): Verdict | undefined {
    const kept = this.#young.get(key) ?? this.#old.get(key);
    if (kept === undefined || kept.endMs <= this.#now()) return undefined;
    return kept.verdict;
  }

  /** `lifetimeMs` is what the decision service gives the verdict; holds have none, and what is no time is none. */
  keep(key: string, verdict: Verdict, lifetimeMs: number): void {
    if (verdict.kind === 'hold' || !(lifetimeMs > 0)) return;
    const most = verdict.kind === 'allow' ? allowLifetimeMsMax : denyLifetimeMsMax;
    const endMs = this.#now() + Math.min(lifetimeMs, most);
    if (this.#young.size >= this.#entriesMax / 2) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, { verdict, endMs });
  }

  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
  }
}
