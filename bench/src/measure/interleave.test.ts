import { describe, expect, it } from '@jest/globals';
import { interleave, medianRatio, medians } from './interleave.ts';
import { median, quantile } from './statistics.ts';

const endless = { timeMsMax: 60_000 };

describe('interleave', () => {
  it('lets the measurements take turns, each round beginning with another one', async () => {
    const order: string[] = [];
    const note = (name: string) => () => order.push(name);
    await interleave({ ...endless, rounds: 3 }, { a: note('a'), b: note('b'), c: note('c') });
    expect(order.join('')).toBe('abcbcacab');
  });

  it('begins no further round when the time is up, and always finishes one', async () => {
    expect(await interleave({ rounds: 9, timeMsMax: 0 }, { a: () => 1, b: () => 2 })).toEqual({
      a: [1],
      b: [2],
    });
  });

  it('waits for measurements that take their time', async () => {
    const rounds = await interleave({ ...endless, rounds: 2 }, { a: () => Promise.resolve(4) });
    expect(medians(rounds)).toEqual({ a: 4 });
  });
});

describe('statistics', () => {
  it('compares round by round, so that a slow one does not decide', () => {
    expect(medianRatio([2, 20, 200], [1, 10, 100])).toBe(2);
  });

  it('takes the middle value and the tail', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(
      quantile(
        Array.from({ length: 100 }, (_, at) => at),
        0.99,
      ),
    ).toBe(99);
    expect(() => median([])).toThrow(RangeError);
  });
});
