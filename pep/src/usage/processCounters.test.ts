// The laws of a window: never more than allowed within any stretch of its length, and nothing lost that was given back.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keysMax, ProcessCounters } from './processCounters.ts';
import { stepMsOf } from './slidingWindow.ts';
import { totalMax } from './usageStore.ts';

const windowMs = 6_400;
const addition = (key = 'a', amount = 1): { key: string; amount: number; windowMs: number } => ({
  key,
  amount,
  windowMs,
});

describe('ProcessCounters', () => {
  it('counts at least what a window holds, and what left it a step ago at most', () => {
    const calls = fc.array(fc.record({ waitMs: fc.nat(3_000), amount: fc.nat(5), isKept: fc.boolean() }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(calls, (made) => {
        let nowMs = 1_000_000;
        const counters = new ProcessCounters(() => nowMs);
        const kept: { readonly atMs: number; readonly amount: number }[] = [];
        const sumSince = (sinceMs: number): number =>
          kept.reduce((sum, { atMs, amount }) => (atMs > sinceMs ? sum + amount : sum), 0);
        for (const { waitMs, amount, isKept } of made) {
          nowMs += waitMs;
          const reserved = counters.reserve(addition('a', amount));
          const least = sumSince(nowMs - windowMs) + amount;
          const most = sumSince(nowMs - windowMs - 2 * stepMsOf(windowMs)) + amount;
          expect(reserved?.total).toBeGreaterThanOrEqual(least);
          expect(reserved?.total).toBeLessThanOrEqual(most);
          if (isKept) kept.push({ atMs: nowMs, amount });
          else reserved?.release();
        }
      }),
    );
  });

  it('keeps keys apart, and takes a reservation back once', () => {
    const counters = new ProcessCounters(() => 0);
    const first = counters.reserve(addition('a', 5));
    expect(counters.reserve(addition('b', 1))?.total).toBe(1);
    first?.release();
    first?.release();
    expect(counters.reserve(addition('a', 1))?.total).toBe(1);
  });

  it('counts nothing that numbers cannot hold', () => {
    const counters = new ProcessCounters(() => 0);
    expect(counters.reserve(addition('a', totalMax))?.total).toBe(totalMax);
    expect(counters.reserve(addition('a', 1))).toBeUndefined();
  });

  it('counts no more keys than it can hold, until some have run out', () => {
    let nowMs = 0;
    const counters = new ProcessCounters(() => nowMs);
    for (let at = 0; at < keysMax; at += 1) counters.reserve(addition(String(at)));
    expect(counters.reserve(addition('one more'))).toBeUndefined();
    nowMs = 2 * windowMs;
    expect(counters.reserve(addition('one more'))?.total).toBe(1);
    expect(counters.size).toBe(1);
  });
});
