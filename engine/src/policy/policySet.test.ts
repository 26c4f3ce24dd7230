import { describe, expect, it } from '@jest/globals';
import { compileAll } from '../../test/oracle.ts';
import type { CompiledPolicy } from './compilePolicy.ts';
import { makePlainSet, makeScreenedSet, type PolicySet } from './policySet.ts';

const all = '(principal, action, resource)';
const forbid = (id: string, condition = `context.${id}`): string =>
  `@id("${id}") forbid ${all} when { ${condition} };`;
const forbids = (count: number): string[] => Array.from({ length: count }, (_, at) => forbid(`f${at}`));

/** An expression of this many operators above a path of two. */
const nested = (depth: number): string =>
  `${'!'.repeat(depth % 2)}${'!(!'.repeat(Math.floor(depth / 2))}context.b${')'.repeat(Math.floor(depth / 2))}`;

const screened = (policies: readonly string[]): PolicySet => screenedSetOf(compileAll(policies));

function screenedSetOf(policies: readonly CompiledPolicy[]): PolicySet {
  return makeScreenedSet(() => policies);
}

/** By id; a screen shows how many forbids it stands for. */
function show({ members, write }: PolicySet): (string | number)[] {
  const texts = write();
  expect(texts).toHaveLength(members.length);
  return members.map((policy, at) => policy?.id ?? (texts[at] ?? '').split('context.').length - 1);
}

describe('makePlainSet', () => {
  it('has every policy as itself, without its scope', () => {
    const [policy] = compileAll([
      '@id("x") permit (principal == P::"a", action, resource is T) when { true };',
    ]);
    if (policy === undefined) throw new Error('it compiles');
    const { members, write } = makePlainSet(() => [policy]);
    expect(members).toEqual([{ id: 'x', effect: 'permit' }]);
    expect(write()).toEqual(['permit (principal, action, resource) when { true };']);
  });

  it('keeps what verdicts name, and nothing else', () => {
    const policies = compileAll([`@id("x") @hold("g") @message("Wait.") forbid ${all} when { context.a };`]);
    const { members } = makePlainSet(() => policies);
    expect(members).toEqual([{ id: 'x', effect: 'forbid', hold: 'g', message: 'Wait.' }]);
  });
});

describe('makeScreenedSet', () => {
  it('keeps permits, and screens forbids and holds together', () => {
    const hold = forbid('h').replace('forbid', '@hold("g") forbid');
    expect(show(screened([forbid('a'), `@id("p") permit ${all};`, hold, forbid('b')]))).toEqual(['p', 3]);
  });

  it.each([
    [1, ['f0']],
    [2, [2]],
    [64, [64]],
    [65, [64, 1]],
    [200, [64, 64, 64, 8]],
  ])('screens %d forbids 64 at a time', (count, shown) => {
    expect(show(screened(forbids(count)))).toEqual(shown);
  });

  it.each([
    [32, ['p', 3]],
    [33, ['p', 'deep', 2]],
    [99, ['p', 'deep', 2]],
  ])('lets a forbid %d operators deep stand for itself where that is deep', (depth, shown) => {
    const deep = forbid('deep', nested(depth - 1));
    const policies = compileAll([`@id("p") permit ${all};`, forbid('a'), deep, forbid('b')]);
    expect(policies.map((policy) => policy.depth)).toContain(depth);
    expect(show(screenedSetOf(policies))).toEqual(shown);
  });
});
