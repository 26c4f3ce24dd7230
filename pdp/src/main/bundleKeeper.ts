// Keeps the bundle that is current in service. One is loaded at a time, the latest wanted wins, and one that cannot be
// loaded is tried again while it stays wanted; the last good one serves meanwhile.
import { setTimeout as delay } from 'node:timers/promises';
import { BundleRefusal } from '@cardea/bundles/open';
import type { Digest } from '@cardea/schemas/digest';
import type { LoadedBundle } from '../worker/messages.ts';

/** Between two attempts with the same bundle. */
const retryMs = 2_000;

export interface BundleKeeperOptions {
  /** Throws BundleRefusal. */
  readonly load: (digest: Digest) => Promise<LoadedBundle>;
  /** Undefined when it serves, else why not. */
  readonly deploy: (bundle: LoadedBundle) => Promise<string | undefined>;
  readonly onLoaded: (digest: Digest) => void;
  readonly onRefused: (digest: Digest, code: string, message: string) => void;
}

export class BundleKeeper {
  readonly #options: BundleKeeperOptions;
  readonly #stop = new AbortController();
  #wanted: Digest | undefined;
  #current: Digest | undefined;
  #running: Promise<void> | undefined;

  constructor(options: BundleKeeperOptions) {
    this.#options = options;
  }

  want(digest: Digest): void {
    this.#wanted = digest;
    if (digest !== this.#current) this.#running ??= this.#run();
  }

  /** Resolves after the first attempt at what is wanted now. */
  async settle(): Promise<void> {
    await this.#first.promise;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  readonly #first = Promise.withResolvers<undefined>();

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
      onLoaded(digest);
      return true;
    } catch (fault) {
      onRefused(
        digest,
        fault instanceof BundleRefusal ? fault.code : 'internal_fault',
        (fault as Error).message,
      );
      return false;
    }
  }

  async #pause(): Promise<void> {
    await delay(retryMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}
