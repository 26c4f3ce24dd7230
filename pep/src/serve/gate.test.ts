import { describe, expect, it } from '@jest/globals';
import type { Refusal } from '@cardea/schemas/codes';
import { sampleIdentity } from '../../test/sampleIdentity.ts';
import type { Identity } from '../identify/identity.ts';
import { Gate } from './gate.ts';

const ann = sampleIdentity('ann');
const bob = sampleIdentity('bob');
const grants = Array.from({ length: 100 }, (_, at) => sampleIdentity(`p${at}`));

function codeOf(task: () => unknown): string {
  try {
    task();
    return 'in';
  } catch (refusal) {
    return (refusal as Refusal).code;
  }
}

/** A request that was refused has left. */
function come(gate: Gate, identity: Identity, server: string): () => void {
  const place = gate.enter();
  try {
    place.claim(identity, server);
  } catch (refusal) {
    place.leave();
    throw refusal;
  }
  return place.leave;
}

/** How many get in, of different grants. */
function fill(gate: Gate, server: string): number {
  let entered = 0;
  while (codeOf(() => come(gate, grants[entered] as Identity, server)) === 'in') entered += 1;
  return entered;
}

describe('Gate', () => {
  it('has room for so many, and for others when they have left', () => {
    const gate = new Gate(2);
    const { leave } = gate.enter();
    gate.enter();
    expect([gate.inflight, codeOf(() => gate.enter())]).toEqual([2, 'overloaded']);
    leave();
    leave();
    expect([gate.inflight, codeOf(() => gate.enter())]).toEqual([1, 'in']);
  });

  it('gives half of it to each grant', () => {
    const gate = new Gate(5);
    const leaves = [come(gate, ann, 'a'), come(gate, ann, 'b'), come(gate, ann, 'c')];
    expect(codeOf(() => come(gate, ann, 'd'))).toBe('overloaded');
    expect(codeOf(() => come(gate, bob, 'd'))).toBe('in');
    for (const leave of leaves) leave();
    expect(codeOf(() => come(gate, ann, 'a'))).toBe('in');
  });

  it('gives three quarters of it to a server alone, and keeps room for others from however many', () => {
    const gate = new Gate(64);
    expect(fill(gate, 'first')).toBe(48);
    expect(fill(gate, 'second')).toBeGreaterThan(8);
    expect(fill(gate, 'third')).toBeGreaterThan(0);
    expect(codeOf(() => come(gate, bob, 'well'))).toBe('in');
  });

  it('gives a server its share again when requests to it have left', () => {
    const gate = new Gate(4);
    const leaves = [ann, ann, bob].map((identity) => come(gate, identity, 'desk'));
    expect(codeOf(() => come(gate, bob, 'desk'))).toBe('overloaded');
    leaves[0]?.();
    expect(codeOf(() => come(gate, bob, 'desk'))).toBe('in');
  });

  it('has room for one, however small it is', () => {
    expect(codeOf(() => come(new Gate(1), ann, 'desk'))).toBe('in');
  });
});
