import { describe, expect, it } from '@jest/globals';
import { compileAll } from '../../test/oracle.ts';
import { makePlainSet, makeScreenedSet, type PolicySet } from './policySet.ts';

const all = '(principal, action, resource)';
const forbid = (id: string, condition = `context.${id}`): string =>
  `@id("${id}") forbid ${all} when { ${condition} };`;
const forbids = (count: number): string[] => Array.from({ length: count }, (_, at) => forbid(`f${at}`));

/** An expression of this many operators above a path of two. */
const nested = (depth: number): string =>
  `${'!'.repeat(depth % 2)}${'!(!'.repeat(Math.floor(depth / 2))}context.b${')'.repeat(Math.floor(depth / 2))}`;

const screened = (policies: readonly string[]): PolicySet => makeScreenedSet(compileAll(policies));

/** By id; a screen shows how many forbids it stands for. */
function show({ members }: PolicySet): (string | number)[] {
  return [...members.values()].map(({ text, policy }) => policy?.id ?? text.split('context.').length - 1);
}

describe('makePlainSet', () => {
  it('has every policy as itself, without its scope', () => {
    const [policy] = compileAll([
      '@id("x") permit (principal == P::"a", action, resource is T) when { true };',
    ]);
    if (policy === undefined) throw new Error('it compiles');
    const [member, ...others] = makePlainSet([policy]).members.values();
    expect(others).toEqual([]);
    expect(member).toEqual({ text: 'permit (principal, action, resource) when { true };', policy });
  });

  it('gives each a name of ours, whatever its id is', () => {
    const policies = compileAll([forbid('p1', 'true'), forbid('__proto__', 'true')]);
    expect([...makePlainSet(policies).members.keys()]).toEqual(['p0', 'p1']);
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
    expect(show(makeScreenedSet(policies))).toEqual(shown);
  });
});
