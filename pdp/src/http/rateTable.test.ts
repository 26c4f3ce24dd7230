import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RateTable } from './rateTable.ts';

let nowMs = 0;
const now = (): number => nowMs;
beforeEach(() => {
  nowMs = 1_000;
});

function makeTable(perSecondMax: number, sendersMax = 4): RateTable {
  return new RateTable({ perSecondMax, sendersMax, now });
}

/** How many of so many attempts get through at this moment. */
function countEntered(table: RateTable, sender: string, attempts = 100): number {
  let entered = 0;
  for (let attempt = 0; attempt < attempts; attempt += 1) if (enters(table, sender)) entered += 1;
  return entered;
}

function enters(table: RateTable, sender: string): boolean {
  try {
    table.enter(sender);
    return true;
  } catch {
    return false;
  }
}

describe('RateTable', () => {
  it('lets a sender ask so often in a second, and refuses with when to come again', () => {
    const table = makeTable(10);
    expect(countEntered(table, 'a')).toBe(10);
    expect(() => {
      table.enter('a');
    }).toThrow(
      expect.objectContaining({
        code: 'rate_limited',
        message: 'one sender may ask for 10 a second',
        retryAfterSeconds: 1,
      }),
    );
  });

  it('keeps one sender from taking what is another’s', () => {
    const table = makeTable(10);
    countEntered(table, 'a');
    expect(countEntered(table, 'b')).toBe(10);
  });

  it('fills a bucket as time goes by, and never beyond its brim', () => {
    const table = makeTable(10);
    countEntered(table, 'a');
    nowMs += 99;
    expect(countEntered(table, 'a')).toBe(0);
    nowMs += 1;
    expect(countEntered(table, 'a')).toBe(1);
    nowMs += 500;
    expect(countEntered(table, 'a')).toBe(5);
    nowMs += 3_600_000;
    expect(countEntered(table, 'a')).toBe(10);
  });

  it('lets a request hold more than a bucket does, and has the sender wait until that is paid', () => {
    const table = makeTable(10);
    table.enter('a');
    table.spend('a', 34);
    expect(() => {
      table.enter('a');
    }).toThrow(expect.objectContaining({ code: 'rate_limited', retryAfterSeconds: 3 }));
    expect(() => {
      table.spend('a', 1);
    }).toThrow(expect.objectContaining({ code: 'rate_limited' }));
    nowMs += 2_500;
    expect(enters(table, 'a')).toBe(false);
    nowMs += 100;
    expect(enters(table, 'a')).toBe(true);
  });

  it('takes the batch of a sender who has just one token left', () => {
    const table = makeTable(1);
    for (let round = 0; round < 3; round += 1) {
      table.enter('a');
      table.spend('a', 3);
      nowMs += 4_000;
    }
  });

  it('costs nothing for what holds no more than one', () => {
    const table = makeTable(1);
    table.enter('a');
    table.spend('a', 0);
    table.spend('a', -1);
    nowMs += 1_000;
    expect(enters(table, 'a')).toBe(true);
  });

  it('stays bounded under made-up names, which share one bucket once nobody can be forgotten', () => {
    const table = makeTable(10, 4);
    for (const known of ['a', 'b', 'c', 'd']) countEntered(table, known);
    let entered = 0;
    for (let name = 0; name < 1_000; name += 1) if (enters(table, `made up ${name}`)) entered += 1;
    expect(table.size).toBe(4);
    expect(entered).toBe(10);
    expect(['a', 'b', 'c', 'd'].map((known) => countEntered(table, known))).toEqual([0, 0, 0, 0]);
  });

  it('forgets those who have asked for nothing lately, and gives their place away', () => {
    const table = makeTable(10, 4);
    for (const known of ['a', 'b', 'c', 'd']) countEntered(table, known);
    table.spend('e', 1);
    nowMs += 1_000;
    for (const fresh of ['e', 'f', 'g', 'h']) expect(countEntered(table, fresh)).toBe(10);
    expect(table.size).toBe(4);
  });

  it('makes room also behind many who owe', () => {
    const table = makeTable(10, 100);
    for (let name = 0; name < 99; name += 1) {
      table.enter(`owes ${name}`);
      table.spend(`owes ${name}`, 1_000);
    }
    table.enter('paid');
    nowMs += 1_000;
    const names = Array.from({ length: 20 }, (_, name) => `new ${name}`);
    // A few are looked at each time: one of the names gets the place, the others get what all of them share.
    expect(names.map((name) => countEntered(table, name)).reduce((sum, count) => sum + count)).toBe(20);
    expect(table.size).toBe(100);
    expect(enters(table, 'owes 0')).toBe(false);
  });

  it('lets through no more than two buckets and what they get, whatever is asked and when', () => {
    const step = fc.record({
      sender: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      pauseMs: fc.nat({ max: 400 }),
      tokens: fc.nat({ max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        nowMs = 0;
        const table = makeTable(10, 3);
        const taken = new Map<string, number>();
        for (const { sender, pauseMs, tokens } of steps) {
          nowMs += pauseMs;
          if (!enters(table, sender)) continue;
          table.spend(sender, tokens);
          taken.set(sender, (taken.get(sender) ?? 0) + 1 + tokens);
        }
        // Its own bucket and the shared one; the last request of each may hold more than is left.
        const bound = 2 * (10 + nowMs / 100 + 5);
        expect(Math.max(0, ...taken.values())).toBeLessThanOrEqual(bound);
        expect(table.size).toBeLessThanOrEqual(3);
      }),
    );
  });
});
