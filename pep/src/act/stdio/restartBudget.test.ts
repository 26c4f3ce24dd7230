import { beforeEach, describe, expect, it } from '@jest/globals';
import { RestartBudget } from './restartBudget.ts';

let nowMs: number;
let budget: RestartBudget;

beforeEach(() => {
  nowMs = 5_000;
  budget = new RestartBudget(2, () => nowMs);
});

const isOpen = (): boolean => {
  try {
    budget.requireOpen();
    return true;
  } catch (fault) {
    expect(fault).toMatchObject({ code: 'upstream_unavailable' });
    return false;
  }
};

describe('RestartBudget', () => {
  it('lets a process end so often, and leaves it alone then for a while that doubles up to a minute', () => {
    expect([budget.fail(), isOpen()]).toEqual([0, true]);
    const waits: number[] = [];
    for (let at = 0; at < 9; at += 1) {
      waits.push(budget.fail());
      expect(isOpen()).toBe(false);
      nowMs += (waits.at(-1) ?? 0) - 1;
      expect(isOpen()).toBe(false);
      nowMs += 1;
      expect(isOpen()).toBe(true);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it('begins anew with one that was of use', () => {
    budget.fail();
    budget.fail();
    budget.succeed();
    expect([isOpen(), budget.fail(), isOpen()]).toEqual([true, 0, true]);
  });
});
