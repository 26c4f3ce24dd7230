import { describe, expect, it } from '@jest/globals';
import { cedarModule, compileAll } from '../../test/oracle.ts';
import { Engine } from '../engine.ts';
import type { Explanation } from './explain.ts';

function explain(policies: readonly string[], context = {}): Explanation['policies'] {
  const engine = new Engine({
    module: cedarModule,
    policies: compileAll(policies),
    entities: [],
    families: [],
  });
  const principal = { type: 'Person', id: 'ann' };
  return engine.explain({
    principal,
    action: { type: 'Action', id: 'use' },
    resource: { type: 'Tool', id: 't' },
    context,
    entities: [],
    supplied: [],
    approved: [],
  }).policies;
}

const scope = '(principal, action, resource)';

describe('explain', () => {
  it('names the clause that fails, as the author wrote it', () => {
    const [policy] = explain([`@id("a") permit ${scope} when { context.n > 1 && context.s like "x*" };`], {
      n: 5,
      s: 'y',
    });
    expect(policy).toMatchObject({
      outcome: 'not_satisfied',
      clauses: [
        { kind: 'when', text: 'context.n > 1', outcome: 'holds' },
        { kind: 'when', text: 'context.s like "x*"', outcome: 'fails' },
      ],
    });
  });

  it('keeps integers exact in the clauses that it shows and judges', () => {
    const text = `@id("a") permit ${scope} when { context.n == 9007199254740993 };`;
    expect(explain([text], { n: 9007199254740993n })[0]).toMatchObject({
      outcome: 'satisfied',
      clauses: [{ text: 'context.n == 9007199254740993' }],
    });
  });

  it.each([
    ['satisfied', 89],
    ['not_satisfied', 90],
  ])('says of a chain too long to be taken apart that it is %s', (outcome, n) => {
    const chain = Array.from({ length: 90 }, (_, at) => `context.n == ${at}`).join(' || ');
    for (const effect of ['permit', 'forbid'])
      expect(explain([`@id("a") ${effect} ${scope} when { ${chain} };`], { n })).toEqual([
        { policy: 'a', effect, outcome, scope: [], clauses: [] },
      ]);
  });

  it('tells an unless that holds from one that does not', () => {
    const [policy] = explain([`@id("a") permit ${scope} unless { context.n > 1 };`], { n: 5 });
    expect(policy).toMatchObject({
      outcome: 'not_satisfied',
      clauses: [{ kind: 'unless', outcome: 'fails' }],
    });
  });

  it('says what a clause that errs is missing', () => {
    const [policy] = explain([`@id("a") forbid ${scope} when { context.missing > 1 };`], { n: 5 });
    expect(policy).toMatchObject({ outcome: 'errored', clauses: [{ outcome: 'errors' }] });
    expect(policy?.clauses[0]?.error).toContain('missing');
  });

  it('shows the permits that miss by the least, and by what', () => {
    const policies = explain([
      '@id("far") permit (principal in Group::"g", action == Action::"other", resource == Tool::"x");',
      '@id("near") permit (principal is Person in Group::"g", action, resource);',
    ]);
    expect(policies.map(({ policy, outcome, scope: misses }) => [policy, outcome, misses])).toEqual([
      ['near', 'out_of_scope', ['Person::"ann" is not a Person in Group::"g"']],
      [
        'far',
        'out_of_scope',
        [
          'Person::"ann" is not in Group::"g"',
          'Action::"use" is not Action::"other"',
          'Tool::"t" is not Tool::"x"',
        ],
      ],
    ]);
  });
});
