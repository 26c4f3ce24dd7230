// An engine remembers: slices, preparsed sets, verdicts. None of it may show: whatever it was asked before, it answers
// as one that was never asked anything.
import { describe, expect, it } from '@jest/globals';
import type { CedarEntity } from '@cardea/schemas/cedar';
import fc from 'fast-check';
import { cedarModule, compileAll } from '../test/oracle.ts';
import { requestArbitrary, worldArbitrary } from '../test/world.ts';
import { Engine } from './engine.ts';
import type { DecisionRequest, Verdict } from './verdict/verdict.ts';
import { CedarHost } from './wasm/cedarHost.ts';

const seed = process.env['CARDEA_PROPERTY_SEED'];
const runs = { numRuns: 100, ...(seed === undefined ? {} : { seed: Number(seed), endOnFailure: true }) };
const host = new CedarHost(cedarModule);

const all = '(principal, action, resource)';
const ann = { type: 'Person', id: 'ann' };
const bob = { type: 'Person', id: 'bob' };
const tool = { type: 'Tool', id: 't' };

const plain: DecisionRequest = {
  principal: ann,
  action: { type: 'Action', id: 'use' },
  resource: tool,
  entities: [],
  context: {},
  supplied: [],
  approved: [],
};

function engineOf(policies: readonly string[], entities: readonly CedarEntity[] = []): Engine {
  return new Engine({ module: cedarModule, policies: compileAll(policies, host), entities, families: [] });
}

const within = (group: string): CedarEntity[] => [
  { uid: ann, attrs: {}, parents: [{ type: 'Group', id: group }] },
];

const show = (verdict: Verdict): string => (verdict.kind === 'deny' ? verdict.code : verdict.kind);

describe('an engine that has answered before', () => {
  it('answers any request as a fresh one would', () => {
    const asked = fc.record({
      request: requestArbitrary,
      approved: fc.subarray(['p0', 'p1', 'p2', 'p3']),
      other: worldArbitrary,
      own: fc.infiniteStream(fc.nat(3)),
    });
    fc.assert(
      fc.property(worldArbitrary, fc.array(asked, { minLength: 2, maxLength: 5 }), (world, questions) => {
        const policies = compileAll(world.policies, host);
        const make = (): Engine =>
          new Engine({ module: cedarModule, policies, entities: world.entities, families: [] });
        const old = make();
        for (const { request, approved, other, own } of questions) {
          // Some entities stated otherwise than the bundle has them.
          const entities = other.entities.filter(() => own.next().value === 0);
          for (const stated of [[], entities]) {
            const question = { ...request, entities: stated, supplied: [], approved };
            expect(old.decide(question)).toEqual(make().decide(question));
          }
        }
      }),
      runs,
    );
  });

  it('is asked once what it was asked before, whoever asks and whatever else they say', () => {
    const engine = engineOf([`@id("p") permit ${all} when { context.n == 1 };`]);
    const [first, second] = [bob, ann].map((principal) =>
      engine.decide({ ...plain, principal, context: { n: 1, unread: principal.id } }),
    );
    expect(second).toBe(first);
    expect(show(engine.decide({ ...plain, context: { n: 2 } }))).toBe('default_deny');
  });

  it('tells apart what was approved and what was not', () => {
    const engine = engineOf([`@id("p") permit ${all};`, `@id("h") @hold("g") forbid ${all};`]);
    const kinds = [[], ['h'], [], ['h'], ['x'], ['h']].map((approved) =>
      show(engine.decide({ ...plain, approved })),
    );
    expect(kinds).toEqual(['hold', 'allow', 'hold', 'allow', 'hold', 'allow']);
  });

  it('remembers nothing of a call that was approved first', () => {
    const engine = engineOf([`@id("p") permit ${all};`, `@id("h") @hold("g") forbid ${all};`]);
    expect(show(engine.decide({ ...plain, approved: ['h'] }))).toBe('allow');
    expect(show(engine.decide(plain))).toBe('hold');
  });

  it('tells apart one question under two sets of policies', () => {
    const engine = engineOf([
      `@id("p") permit ${all};`,
      '@id("f") forbid (principal in Group::"barred", action, resource);',
    ]);
    const kinds = ['staff', 'barred', 'staff', 'barred'].map((group) =>
      show(engine.decide({ ...plain, entities: within(group) })),
    );
    expect(kinds).toEqual(['allow', 'forbidden', 'allow', 'forbidden']);
  });

  it.each([
    ['principal', { principal: bob }],
    ['resource', { resource: { type: 'Tool', id: 'u' } }],
    ['action', { action: { type: 'Action', id: 'see' } }],
  ])('tells apart who or what conditions name: %s', (name, change) => {
    const { [name as 'principal']: own } = plain;
    const engine = engineOf([`@id("p") permit ${all} when { ${name} == ${own.type}::"${own.id}" };`]);
    for (let round = 0; round < 2; round += 1) {
      expect(show(engine.decide(plain))).toBe('allow');
      expect(show(engine.decide({ ...plain, ...change }))).toBe('default_deny');
    }
  });

  it('tells apart two people of the same name by what they are now', () => {
    const engine = engineOf([`@id("p") permit ${all} when { principal in Group::"g" };`]);
    const kinds = ['g', 'h', 'g'].map((group) => show(engine.decide({ ...plain, entities: within(group) })));
    expect(kinds).toEqual(['allow', 'default_deny', 'allow']);
  });

  it('tells apart what the bundle says of somebody and what the request says', () => {
    const engine = engineOf(['@id("p") permit (principal in Group::"g", action, resource);'], within('g'));
    const kinds = [[], within('h'), [], within('g')].map((entities) =>
      show(engine.decide({ ...plain, entities })),
    );
    expect(kinds).toEqual(['allow', 'default_deny', 'allow', 'allow']);
  });

  it('does not remember a fault', () => {
    const engine = engineOf([`@id("p") permit ${all} when { context.a };`]);
    const deep = (depth: number): object => (depth === 0 ? {} : { a: deep(depth - 1) });
    expect(() => engine.decide({ ...plain, context: { a: deep(200) as never } })).toThrow(/nest/);
    expect(show(engine.decide({ ...plain, context: { a: true } }))).toBe('allow');
  });
});
