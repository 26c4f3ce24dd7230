import { describe, expect, it } from '@jest/globals';
import { listMissed, writeTargets, type Target } from './target.ts';

const targets = [
  { name: 'cost', bound: 'at most', limit: 1.5, means: 'what it costs' },
  { name: 'speed', bound: 'at least', limit: 2, means: 'how fast it is' },
  { name: 'later', bound: 'at most', limit: 1, means: 'what only long runs tell', isLong: true },
] as const satisfies readonly Target[];

describe('targets', () => {
  it.each([
    [{ cost: 1.5, speed: 2 }, []],
    [{ cost: 1.51, speed: 1.99 }, ['cost', 'speed']],
    [{ cost: NaN, speed: 2, later: 2 }, ['cost', 'later']],
  ])('are missed where figures are on the other side of a bound: %j', (figures, missed) => {
    expect(listMissed(targets, figures)).toEqual(missed);
  });

  it('are shown where they were measured', () => {
    const text = writeTargets(targets, { cost: 1, speed: 1 });
    expect(text).toMatch(/cost +1\.00 +at most 1\.5 +reached/);
    expect(text).toMatch(/speed +1\.00 +at least 2 +MISSED/);
    expect(text).not.toContain('later');
  });
});
