import { describe, expect, it } from '@jest/globals';
import type { Refusal } from '@cardea/schemas/codes';
import { sampleIdentity } from '../../test/sampleIdentity.ts';
import { Gate } from './gate.ts';

const ann = sampleIdentity('ann');
const bob = sampleIdentity('bob');

function codeOf(task: () => unknown): string {
  try {
    task();
    return 'in';
  } catch (refusal) {
    return (refusal as Refusal).code;
  }
}

describe('Gate', () => {
  it('has room for so many, and for others when they have left', () => {
    const gate = new Gate(2);
    const leave = gate.enter();
    gate.enter();
    expect([gate.inflight, codeOf(() => gate.enter())]).toEqual([2, 'overloaded']);
    leave();
    expect([gate.inflight, codeOf(() => gate.enter())]).toEqual([1, 'in']);
  });

  it('gives half of it to each grant', () => {
    const gate = new Gate(5);
    const leaves = [gate.enterAs(ann), gate.enterAs(ann), gate.enterAs(ann)];
    expect(codeOf(() => gate.enterAs(ann))).toBe('overloaded');
    expect(codeOf(() => gate.enterAs(bob))).toBe('in');
    for (const leave of leaves) leave();
    expect(codeOf(() => gate.enterAs(ann))).toBe('in');
  });

  it('has room for one, however small it is', () => {
    expect(codeOf(() => new Gate(1).enterAs(ann))).toBe('in');
  });
});
