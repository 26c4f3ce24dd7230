import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cedarModule, compileAll, judgeAlone, type Outcome } from '../../test/oracle.ts';
import { requestArbitrary, worldArbitrary } from '../../test/world.ts';
import { Engine } from '../engine.ts';
import { CedarHost } from '../wasm/cedarHost.ts';
import type { PolicyForecast } from './forecast.ts';

const tuple = {
  principal: { type: 'Person', id: 'ann' },
  action: { type: 'Action', id: 'use' },
  resource: { type: 'Tool', id: 't' },
};
const contextKeys = ['input', 'usage'];
const all = '(principal, action, resource)';

function forecast(policies: readonly string[]): readonly PolicyForecast[] {
  const entities = [
    { uid: tuple.principal, attrs: { level: 3 }, parents: [{ type: 'Group', id: 'support' }] },
    { uid: tuple.resource, attrs: { effect: 'write' }, parents: [] },
  ];
  const named = policies.map((text, at) => (text.includes('@id') ? text : `@id("p${at}") ${text}`));
  const engine = new Engine({ module: cedarModule, policies: compileAll(named), entities, families: [] });
  return engine.forecast({ ...tuple, entities: [] }, contextKeys);
}

function conditionOf(clause: string): string | undefined {
  return forecast([`permit ${all} ${clause};`])[0]?.condition;
}

describe('forecast', () => {
  it.each<[string, PolicyForecast['outcome']]>([
    ['', 'satisfied'],
    ['when { principal.level > 2 }', 'satisfied'],
    ['when { principal.level > 3 }', 'not_satisfied'],
    ['when { principal.missing }', 'errored'],
    ['when { context.input.amount > 3 }', 'conditional'],
    ['when { principal.level > 2 || context.input.amount > 3 }', 'satisfied'],
    ['when { principal.level > 3 && context.input.amount > 3 }', 'not_satisfied'],
  ])('knows what no context can change: permit %s is %s', (clause, outcome) => {
    expect(forecast([`permit ${all} ${clause};`])).toEqual([
      expect.objectContaining({ policy: 'p0', effect: 'permit', outcome }),
    ]);
  });

  it.each([
    ['when { context.input.amount <= 10 }', 'context.input.amount <= 10'],
    ['when { context.input.amount > 10 }', 'context.input.amount > 10'],
    ['when { context.input.amount >= 10 }', 'context.input.amount >= 10'],
    ['when { context.input.amount != 10 }', 'context.input.amount != 10'],
    ['unless { context.input.amount == 10 }', 'context.input.amount != 10'],
    ['unless { context.input.list.isEmpty() }', '!context.input.list.isEmpty()'],
    ['when { context.input.n == 9007199254740993 }', 'context.input.n == 9007199254740993'],
    ['when { context.input has "a-b" }', 'context.input has "a-b"'],
    ['when { context.input["a-b"] like "x*" }', 'context.input["a-b"] like "x*"'],
    ['when { context.input.x } unless { context.usage.y }', 'context.input.x && !context.usage.y'],
    [
      'when { (context.input.x || context.input.y) && context.input.z }',
      '(context.input.x || context.input.y) && context.input.z',
    ],
    ['when { context.input.who == principal && context.input.what == resource }', undefined],
    ['when { context has input.deep.er }', 'context has input.deep.er'],
    ['when { context == {input: 1} }', 'context == {input: 1}'],
    ['when { {unknown: context.input.a}.unknown == 1 }', '{unknown: context.input.a}.unknown == 1'],
    ['when { principal.level > 2 && resource.effect == "write" && context.input.x }', 'context.input.x'],
    ['when { principal in Group::"support" && context.input.x }', 'context.input.x'],
    ['when { context.input.by in Group::"support" }', 'context.input.by in Group::"support"'],
  ])('shows what is left of a condition in the words of an author: %s', (clause, condition) => {
    const expected = condition ?? 'context.input.who == principal && context.input.what == resource';
    expect(conditionOf(clause)).toBe(expected);
  });

  it('names holds, messages and all candidates, sorted', () => {
    const policies = [
      `@id("z") permit ${all};`,
      `@id("h") @hold("finance") @message("Wait.") forbid ${all} when { context.input.amount > 5 };`,
      `@id("other") permit (principal == Person::"bob", action, resource);`,
    ];
    expect(forecast(policies)).toEqual([
      {
        policy: 'h',
        effect: 'forbid',
        hold: 'finance',
        message: 'Wait.',
        outcome: 'conditional',
        condition: 'context.input.amount > 5',
      },
      { policy: 'z', effect: 'permit', outcome: 'satisfied' },
    ]);
  });

  it('says where a condition nests too deeply to be shown', () => {
    const chain = Array.from({ length: 90 }, (_, at) => `context.input.n == ${at}`).join(' || ');
    expect(conditionOf(`when { ${chain} }`)).toBe('(nests too deeply to be shown)');
  });

  it('has nothing to say where no policy is in scope', () => {
    expect(forecast([])).toEqual([]);
  });

  it('agrees with every call: the outcome, and the condition evaluated alone', () => {
    const host = new CedarHost(cedarModule);
    const expected: Partial<Record<PolicyForecast['outcome'], Outcome>> = {
      satisfied: 'satisfied',
      not_satisfied: 'neither',
      errored: 'errored',
    };
    fc.assert(
      fc.property(worldArbitrary, requestArbitrary, ({ entities, policies }, request) => {
        const compiled = compileAll(policies, host);
        const engine = new Engine({ module: cedarModule, policies: compiled, entities, families: [] });
        const keys = Object.keys(request.context);
        for (const { policy, outcome, condition } of engine.forecast({ ...request, entities: [] }, keys)) {
          const { text = '' } = compiled.find(({ id }) => id === policy) ?? {};
          const actual = judgeAlone(host, text, request, entities);
          const foretold =
            condition === undefined
              ? expected[outcome]
              : judgeAlone(host, `permit ${all} when { ${condition} };`, request, entities);
          expect({ text, condition, outcome: foretold }).toEqual({ text, condition, outcome: actual });
        }
      }),
      { numRuns: 300 },
    );
  });
});
