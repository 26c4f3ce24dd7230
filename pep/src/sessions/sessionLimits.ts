// How many sessions there may be, and for how long.
export interface SessionLimits {
  readonly sessionsMax: number;
  /** Of one person with one agent under one grant. */
  readonly perIdentityMax: number;
  /** From its beginning. */
  readonly maxAgeMs: number;
  /** Without a call. */
  readonly idleMs: number;
  /** Where there are no sessions, a pause of so long begins a new one. */
  readonly pauseMs: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export const sessionLimitsDefault: SessionLimits = Object.freeze({
  sessionsMax: 65_536,
  perIdentityMax: 1_024,
  // The guardrail denies what is older: a client that is told to begin anew does so by itself.
  maxAgeMs: 12 * hourMs,
  idleMs: 24 * hourMs,
  pauseMs: hourMs,
});
