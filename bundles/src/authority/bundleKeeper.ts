// Keeps the bundle that is stated to be current in service. One is loaded at a time, the latest wanted wins, and one
// that cannot be loaded is tried again while it stays wanted; the last good one serves meanwhile.
import { setTimeout as delay } from 'node:timers/promises';
import type { Digest } from '@cardea/schemas/digest';
import { BundleRefusal } from '../open/bundleRefusal.ts';

/** Between two attempts with the same bundle. */
const retryMsDefault = 2_000;

export interface BundleKeeperOptions<Loaded> {
  /** Throws BundleRefusal. */
  readonly load: (digest: Digest) => Promise<Loaded>;
  /** Undefined when it serves, else why not. */
  readonly deploy: (bundle: Loaded) => string | undefined | Promise<string | undefined>;
  readonly onLoaded: (digest: Digest) => void;
  readonly onRefused: (digest: Digest, code: string, message: string) => void;
  /** What serves is wanted again, after another was refused: nothing is wrong any more. */
  readonly onKept: (digest: Digest) => void;
  readonly retryMs?: number;
}

export class BundleKeeper<Loaded> {
  readonly #options: BundleKeeperOptions<Loaded>;
  readonly #stop = new AbortController();
  readonly #first = Promise.withResolvers<undefined>();
  #wanted: Digest | undefined;
  #current: Digest | undefined;
  #refused: Digest | undefined;
  #running: Promise<void> | undefined;
  #pausing: AbortController | undefined;

  constructor(options: BundleKeeperOptions<Loaded>) {
    this.#options = options;
  }

  want(digest: Digest): void {
    // Another one need not wait for the next attempt at this one.
    if (digest !== this.#wanted) this.#pausing?.abort();
    this.#wanted = digest;
    if (digest !== this.#current) this.#running ??= this.#run();
    else if (this.#refused !== undefined) this.#keep(digest);
  }

  /** Resolves after the first attempt at what is wanted now. */
  async settle(): Promise<void> {
    await this.#first.promise;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#pausing?.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#wanted !== undefined && this.#wanted !== this.#current && !this.#stop.signal.aborted) {
      const wanted = this.#wanted;
      const isLoaded = await this.#attempt(wanted);
      this.#first.resolve(undefined);
      if (!isLoaded && wanted === this.#wanted) await this.#pause();
    }
    this.#running = undefined;
  }

  async #attempt(digest: Digest): Promise<boolean> {
    const { load, deploy, onLoaded, onRefused } = this.#options;
    try {
      const fault = await deploy(await load(digest));
      if (fault !== undefined) throw new BundleRefusal('bundle_unusable', fault);
      this.#current = digest;
      this.#refused = undefined;
      onLoaded(digest);
      return true;
    } catch (fault) {
      // Refused after the one that serves is wanted again, it is nobody's concern.
      if (this.#wanted === this.#current) return false;
      this.#refused = digest;
      const code = fault instanceof BundleRefusal ? fault.code : 'internal_fault';
      onRefused(digest, code, (fault as Error).message);
      return false;
    }
  }

  #keep(digest: Digest): void {
    this.#refused = undefined;
    this.#options.onKept(digest);
  }

  async #pause(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#pausing = new AbortController();
    const { retryMs = retryMsDefault } = this.#options;
    await delay(retryMs, undefined, { signal: this.#pausing.signal }).catch(() => undefined);
    this.#pausing = undefined;
  }
}
