import { describe, expect, it } from '@jest/globals';
import type { Verdict } from './verdict.ts';
import { VerdictCache } from './verdictCache.ts';

const allow: Verdict = { kind: 'allow', decisionId: 'd' };
const deny: Verdict = { kind: 'deny', code: 'forbidden', message: '', decisionId: 'd' };
const hold: Verdict = { kind: 'hold', code: 'held', message: '', decisionId: 'd', approvers: ['finance'] };

function make(entriesMax = 100): { cache: VerdictCache; pass: (ms: number) => void } {
  let nowMs = 1_000;
  return { cache: new VerdictCache(entriesMax, () => nowMs), pass: (ms) => (nowMs += ms) };
}

describe('VerdictCache', () => {
  it('gives back what it was given, and nothing else', () => {
    const { cache } = make();
    cache.keep('a', allow, 1_000);
    expect(cache.find('a')).toBe(allow);
    expect(cache.find('b')).toBeUndefined();
    expect(cache.find('')).toBeUndefined();
  });

  it.each<[Verdict, number, number]>([
    [allow, 500, 500],
    [allow, 3_600_000, 60_000],
    [allow, Infinity, 60_000],
    [deny, 500, 500],
    [deny, 3_600_000, 10_000],
  ])('ends %j with a life of %i ms after %i ms', (verdict, lifetimeMs, endMs) => {
    const { cache, pass } = make();
    cache.keep('a', verdict, lifetimeMs);
    pass(endMs - 1);
    expect(cache.find('a')).toBe(verdict);
    pass(1);
    expect(cache.find('a')).toBeUndefined();
  });

  it.each([0, -1, -Infinity, NaN])('keeps nothing for %d ms', (lifetimeMs) => {
    const { cache } = make();
    cache.keep('a', allow, lifetimeMs);
    expect(cache.find('a')).toBeUndefined();
  });

  it('keeps no hold', () => {
    const { cache } = make();
    cache.keep('a', hold, 1_000);
    expect(cache.find('a')).toBeUndefined();
  });

  it('takes the later word', () => {
    const { cache } = make(2);
    cache.keep('a', allow, 1_000);
    cache.keep('a', deny, 1_000);
    expect(cache.find('a')).toBe(deny);
  });

  it('drops the older half, never more than it may hold', () => {
    const { cache } = make(10);
    for (let at = 0; at < 100; at += 1) {
      cache.keep(`${at}`, allow, 1_000);
      const kept = Array.from({ length: 100 }, (_, key) => cache.find(`${key}`)).filter((found) => found);
      expect(kept.length).toBeLessThanOrEqual(10);
      expect(kept.length).toBeGreaterThanOrEqual(Math.min(at + 1, 5));
    }
    expect(cache.find('0')).toBeUndefined();
    expect(cache.find('99')).toBe(allow);
  });

  it('forgets both halves', () => {
    const { cache } = make(4);
    for (const key of ['a', 'b', 'c']) cache.keep(key, allow, 1_000);
    cache.clear();
    expect(['a', 'b', 'c'].map((key) => cache.find(key))).toEqual([undefined, undefined, undefined]);
  });
});
