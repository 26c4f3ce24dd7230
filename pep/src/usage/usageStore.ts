// Where usage is counted: in this process, or in a Redis that proxies share. A store that cannot be trusted counts
// nothing, and what is not counted is denied.

/** What one call adds under one key. */
export interface Addition {
  /** Whose usage of what: never two counters under one key. */
  readonly key: string;
  /** A whole number, not negative. */
  readonly amount: number;
  readonly windowMs: number;
}

/** An addition that stands until it is taken back or its window has passed. */
export interface Reservation {
  /** With the addition. */
  readonly total: number;
  /** For calls that are not made. Once is enough, and nobody has to wait for it. */
  readonly release: () => void;
}

export interface UsageStore {
  /** Adds and reads in one step, so that of two callers one comes first. Undefined where it cannot be counted. */
  reserve(addition: Addition): Reservation | undefined | Promise<Reservation | undefined>;
}

/** What looks like usage and is none: totals beyond what numbers hold exactly. */
export const totalMax = Number.MAX_SAFE_INTEGER;
