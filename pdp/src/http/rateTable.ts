// How much each of many senders may ask for in a second: a bucket of tokens for each, which fills as time goes by. The
// table is bounded: senders that made-up names push out share one bucket, and no name is forgotten while it owes.
import { Refusal } from '@cardea/schemas/codes';

export interface RateOptions {
  /** Tokens that a bucket gets in a second, and the most that it holds. */
  readonly perSecondMax: number;
  /** Senders with a bucket of their own. */
  readonly sendersMax: number;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
}

/** Says when to come again. */
export class RateRefusal extends Refusal {
  readonly retryAfterSeconds: number;

  constructor(perSecondMax: number, retryAfterSeconds: number) {
    super('rate_limited', `one sender may ask for ${perSecondMax} a second`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

interface Bucket {
  /** Below zero: what was asked for in one request that held many. */
  tokens: number;
  /** Until when it was filled. */
  filledMs: number;
}

/** Addresses that are counted one by one. */
export const addressesMax = 4_096;

/** Buckets looked at to make room for one more. */
const looksMax = 8;

export class RateTable {
  readonly #options: RateOptions;
  readonly #buckets = new Map<string, Bucket>();
  readonly #others: Bucket;

  constructor(options: RateOptions) {
    this.#options = options;
    this.#others = this.#fresh();
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** For one request. Throws RateRefusal where the sender has no whole token left. */
  enter(sender: string): void {
    this.#take(sender, 1, 1);
  }

  /**
   * For what a request holds beyond one. It may be more than a bucket can hold, so it only has to begin without debt.
   * Throws RateRefusal for a sender that owes already.
   */
  spend(sender: string, tokens: number): void {
    if (tokens > 0) this.#take(sender, tokens, 0);
  }

  #take(sender: string, tokens: number, tokensMin: number): void {
    const bucket = this.#buckets.get(sender) ?? this.#open(sender);
    this.#fill(bucket);
    if (bucket.tokens < tokensMin) {
      const { perSecondMax } = this.#options;
      throw new RateRefusal(perSecondMax, Math.ceil((1 - bucket.tokens) / perSecondMax));
    }
    bucket.tokens -= tokens;
  }

  #fill(bucket: Bucket): void {
    const { perSecondMax, now } = this.#options;
    const nowMs = now();
    bucket.tokens = Math.min(
      perSecondMax,
      bucket.tokens + ((nowMs - bucket.filledMs) * perSecondMax) / 1_000,
    );
    bucket.filledMs = nowMs;
  }

  #open(sender: string): Bucket {
    if (this.#buckets.size >= this.#options.sendersMax) this.#makeRoom();
    if (this.#buckets.size >= this.#options.sendersMax) return this.#others;
    const bucket = this.#fresh();
    this.#buckets.set(sender, bucket);
    return bucket;
  }

  /** A full bucket says no more than none. Others go to the end, so that the next time others are looked at. */
  #makeRoom(): void {
    let looks = 0;
    for (const [sender, bucket] of this.#buckets) {
      this.#fill(bucket);
      this.#buckets.delete(sender);
      if (bucket.tokens >= this.#options.perSecondMax) return;
      this.#buckets.set(sender, bucket);
      looks += 1;
      if (looks >= looksMax) return;
    }
  }

  #fresh(): Bucket {
    return { tokens: this.#options.perSecondMax, filledMs: this.#options.now() };
  }
}
