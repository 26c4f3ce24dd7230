// Usage counted in this process: exact for a proxy that is the only one, and gone with it.
import { firstStepOf, stepOf } from './slidingWindow.ts';
import { totalMax, type Addition, type Reservation, type UsageStore } from './usageStore.ts';

/** Callers choose none of them, but there may be many: past this nothing is counted anew until some have run out. */
export const keysMax = 100_000;

interface Counted {
  readonly windowMs: number;
  /** By step. */
  readonly amounts: Map<number, number>;
}

export class ProcessCounters implements UsageStore {
  /** A clock that was set could empty a window. Monotonic, in milliseconds. */
  readonly #now: () => number;
  readonly #counted = new Map<string, Counted>();

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#counted.size;
  }

  reserve({ key, amount, windowMs }: Addition): Reservation | undefined {
    const nowMs = this.#now();
    const counted = this.#counted.get(key) ?? this.#begin(key, windowMs, nowMs);
    if (counted === undefined) return undefined;
    const total = sumFrom(counted, nowMs) + amount;
    if (total > totalMax) return undefined;
    const step = stepOf(nowMs, windowMs);
    counted.amounts.set(step, (counted.amounts.get(step) ?? 0) + amount);
    let isHeld = true;
    const release = (): void => {
      const held = counted.amounts.get(step);
      if (isHeld && held !== undefined) counted.amounts.set(step, held - amount);
      isHeld = false;
    };
    return { total, release };
  }

  #begin(key: string, windowMs: number, nowMs: number): Counted | undefined {
    if (this.#counted.size >= keysMax) this.#sweep(nowMs);
    if (this.#counted.size >= keysMax) return undefined;
    const counted = { windowMs, amounts: new Map<number, number>() };
    this.#counted.set(key, counted);
    return counted;
  }

  #sweep(nowMs: number): void {
    for (const [key, counted] of this.#counted) if (sumFrom(counted, nowMs) === 0) this.#counted.delete(key);
  }
}

/** What has left the window is forgotten. */
function sumFrom({ windowMs, amounts }: Counted, nowMs: number): number {
  const first = firstStepOf(nowMs, windowMs);
  let total = 0;
  for (const [step, amount] of amounts) {
    if (step < first || amount === 0) amounts.delete(step);
    else total += amount;
  }
  return total;
}
