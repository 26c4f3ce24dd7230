// The keys of one provider, kept up to date. A key that is not known is looked for at once, but no more often than the
// provider bears; while the provider cannot be heard its keys go on standing for a time, and then nobody's tokens do.
import { codes, Refusal } from '@cardea/schemas/codes';
import { KeySet, type SigningKey, type WantedKey } from './keySet.ts';

export interface IssuerKeysOptions {
  /** Rejects where they cannot be had. Ends by itself. */
  readonly load: () => Promise<Uint8Array>;
  /** Cannot be set back; in milliseconds. */
  readonly monotonic: () => number;
  /** Undefined when they can be had again. Names the fault, never a token. */
  readonly report: (fault: string | undefined) => void;
  /** Keys that stood stand no more. */
  readonly onWithdrawn: () => void;
}

/** A key that was withdrawn stands no longer than this. */
export const freshMs = 5 * 60_000;

/**
 * Between two looks that tokens give rise to. Each that finds nothing doubles it: whoever makes up names of keys is
 * answered without asking the provider.
 */
export const pauseMsMin = 1_000;
export const pauseMsMax = 30_000;

/** How long keys stand that nobody confirms. */
export const keptMs = 60 * 60_000;

export class IssuerKeys {
  readonly #options: IssuerKeysOptions;
  #keys: KeySet | undefined;
  #confirmedMs = -Infinity;
  #lookedMs = -Infinity;
  #pauseMs = pauseMsMin;
  #flight: Promise<void> | undefined;

  constructor(options: IssuerKeysOptions) {
    this.#options = options;
  }

  /** Undefined for a key that the provider does not have. Throws Refusal `issuer_unavailable` where nobody can say. */
  async find(wanted: WantedKey): Promise<SigningKey | undefined> {
    const known = await this.#standing()?.find(wanted);
    if (known !== undefined) return known;
    await this.#look();
    const keys = this.#standing();
    if (keys === undefined) throw new Refusal('issuer_unavailable', codes.issuer_unavailable.meaning);
    const found = await keys.find(wanted);
    if (found !== undefined) this.#pauseMs = pauseMsMin;
    return found;
  }

  /** Whether it still is one of the provider's. */
  stands(thumbprint: string): boolean {
    return this.#standing()?.has(thumbprint) === true;
  }

  /** To be called at a regular pace. Never waits. */
  poll(): void {
    if (this.#options.monotonic() - this.#confirmedMs < freshMs) return;
    void this.#look().then(() => {
      if (this.#confirmedMs === this.#lookedMs) this.#pauseMs = pauseMsMin;
    });
    if (this.#keys === undefined || this.#standing() !== undefined) return;
    this.#keys = undefined;
    this.#options.onWithdrawn();
  }

  #standing(): KeySet | undefined {
    return this.#options.monotonic() - this.#confirmedMs < keptMs ? this.#keys : undefined;
  }

  /** Once for all who wait, and not again before the pause is over. Never rejects. */
  #look(): Promise<void> {
    if (this.#flight !== undefined) return this.#flight;
    const nowMs = this.#options.monotonic();
    if (nowMs - this.#lookedMs < this.#pauseMs) return Promise.resolve();
    this.#lookedMs = nowMs;
    this.#pauseMs = Math.min(pauseMsMax, 2 * this.#pauseMs);
    this.#flight = this.#load(nowMs).finally(() => {
      this.#flight = undefined;
    });
    return this.#flight;
  }

  async #load(askedMs: number): Promise<void> {
    const { load, report, onWithdrawn } = this.#options;
    try {
      const before = this.#keys;
      this.#keys = await KeySet.read(await load());
      if (before?.thumbprints().some((one) => this.#keys?.has(one) !== true) === true) onWithdrawn();
      // What was asked for then may have been withdrawn since.
      this.#confirmedMs = askedMs;
      report(undefined);
    } catch (fault) {
      const { code, message } = fault as NodeJS.ErrnoException;
      report(code ?? message);
    }
  }
}
