import { describe, expect, it } from '@jest/globals';
import { Slice } from '../policy/slice.ts';
import type { Verdict } from './verdict.ts';
import { VerdictMemory } from './verdictMemory.ts';

const slice = new Slice(() => [], 1);
const allow: Verdict = { kind: 'allow', reasons: [], dependsOn: [] };

describe('VerdictMemory', () => {
  it('keeps one question to two slices apart', () => {
    const memory = new VerdictMemory();
    memory.remember(slice, 'q', allow);
    expect(memory.find(slice, 'q')).toBe(allow);
    expect(memory.find(new Slice(() => [], 2), 'q')).toBeUndefined();
    expect(memory.find(new Slice(() => [], 11), ' q')).toBeUndefined();
  });

  it('forgets what nobody asks for, keeps what is asked for, and never grows', () => {
    const memory = new VerdictMemory();
    for (const question of ['seldom', 'often']) memory.remember(slice, question, allow);
    for (let other = 0; other < 10_000; other += 1) {
      memory.remember(slice, `q${other}`, allow);
      expect(memory.find(slice, 'often')).toBe(allow);
    }
    expect(memory.find(slice, 'seldom')).toBeUndefined();
    const kept = Array.from({ length: 10_000 }, (_, other) => memory.find(slice, `q${other}`));
    expect(kept.filter((verdict) => verdict !== undefined).length).toBeLessThanOrEqual(4_096);
  });

  it('does not keep what is long', () => {
    const memory = new VerdictMemory();
    memory.remember(slice, 'q'.repeat(2_049), allow);
    expect(memory.find(slice, 'q'.repeat(2_049))).toBeUndefined();
  });
});
