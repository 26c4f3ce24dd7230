import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Engine, PolicyList, sortPolicies } from '@cardea/engine';
import { cedarModule, compileAll } from '../../../engine/test/oracle.ts';
import { requestArbitrary, worldArbitrary } from '../../../engine/test/world.ts';
import { packPolicies, PackedPolicies } from './packedPolicies.ts';

const all = '(principal, action, resource)';

describe('PackedPolicies', () => {
  it('gives back every policy as it was', () => {
    fc.assert(
      fc.property(worldArbitrary, ({ policies }) => {
        const list = new PolicyList(compileAll(policies));
        const packed = new PackedPolicies(packPolicies(compileAll(policies)));
        expect(packed.count).toBe(list.count);
        for (let place = 0; place < list.count; place += 1)
          expect(packed.read(place)).toEqual(list.read(place));
        expect([...packed.outlines()]).toEqual(
          list.outlines().map(({ effect, scope }) => ({ effect, scope })),
        );
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    [
      'texts that are longer as bytes',
      `@id("é😀") @message("日本") permit ${all} when { context.s == "\u{1f600}" };`,
    ],
    ['NUL and quotes', `@id("x") permit ${all} when { context.s == "\0\\"\\\\" };`],
    ['half a surrogate pair by escape', `@id("x") permit ${all} when { context["\\u{ffff}"] == 1 };`],
    ['names of the prototype', `@id("__proto__") permit ${all} when { context.constructor.__proto__ };`],
    [
      'integers past what a double holds',
      `@id("x") permit ${all} when { context.n == 9223372036854775807 };`,
    ],
    ['a hold', `@id("x") @hold("g") forbid (principal is P in G::"g", action in [Action::"a"], resource);`],
  ])('keeps %s', (_, text) => {
    const policies = sortPolicies(compileAll([`@id("0") permit ${all};`, text, `@id("~") permit ${all};`]));
    const packed = new PackedPolicies(packPolicies(policies));
    expect([0, 1, 2].map((place) => packed.read(place))).toEqual(policies);
  });

  it('knows no policy beyond the last, and none at all where there is none', () => {
    const packed = new PackedPolicies(packPolicies([]));
    expect([...packed.outlines()]).toEqual([]);
    expect(() => packed.read(0)).toThrow(RangeError);
  });

  it('gives the same ones however many were read meanwhile', () => {
    const policies = compileAll(Array.from({ length: 1_200 }, (_, at) => `@id("p${at}") permit ${all};`));
    const packed = new PackedPolicies(packPolicies(policies));
    const ids = (): string[] => policies.map((_, place) => packed.read(place).id);
    expect(ids()).toEqual(policies.map(({ id }) => id).sort());
    expect(ids()).toEqual(ids());
  });

  it('decides as the policies themselves do', () => {
    fc.assert(
      fc.property(worldArbitrary, requestArbitrary, (world, request) => {
        const policies = compileAll(world.policies);
        const make = (from: ConstructorParameters<typeof Engine>[0]['policies']): Engine =>
          new Engine({ module: cedarModule, policies: from, entities: world.entities, families: [] });
        const asked = { ...request, entities: [], supplied: [], approved: [] };
        const [packed, plain] = [make(new PackedPolicies(packPolicies(policies))), make(policies)];
        expect(packed.decide(asked)).toEqual(plain.decide(asked));
        expect(packed.explain(asked)).toEqual(plain.explain(asked));
      }),
      { numRuns: 50 },
    );
  });
});
