// Policies at the limits of what is accepted, and policies that only look wrong: each decides as it reads.
import { describe, expect, it } from '@jest/globals';
import { compileBundle, makeEngine, viewBuilt } from '@cardea/bundles';
import type { DecisionRequest } from '@cardea/engine';
import { contextFamilies } from '@cardea/schemas/cedar';
import { build, numbered, policy, repeat, scope, when, type Change } from './sources.ts';

interface Call {
  readonly title?: string;
  readonly ageHours?: number;
  readonly person?: string;
}

async function decide(change: Change, calls: readonly Call[]): Promise<string[]> {
  const result = await build(change);
  if (result.kind === 'refused') throw new Error(JSON.stringify(result.problems));
  const judge = makeEngine(await compileBundle(viewBuilt(result.bundle)));
  const verdicts = calls.map((call) => judge.decide(writeCall(call)));
  expect(judge.counts.instanceReplacements).toBe(0);
  return verdicts.map((verdict) => (verdict.kind === 'deny' ? verdict.code : verdict.kind));
}

function writeCall({ title = 'x', ageHours = 1, person = 'ann' }: Call): DecisionRequest {
  const principal = { type: 'Person', id: person };
  return {
    principal,
    action: { type: 'Action', id: 'github/create_issue' },
    resource: { type: 'Tool', id: 'github/create_issue' },
    entities: [{ uid: principal, attrs: {}, parents: [] }],
    context: { input: { title }, session: { ageHours, ageSeconds: 1, idleSeconds: 1, id: 's' } },
    supplied: contextFamilies,
    approved: [],
  };
}

const ids = [
  '__proto__',
  'constructor',
  'toString',
  '0',
  '-1',
  ' ',
  '\u202ex',
  '😀',
  'a"b\\c',
  repeat('x', 256),
];

describe('hostile policies that mean something are decided', () => {
  it.each<[string, Change, Call, Call]>([
    [
      '80 parentheses',
      when(`${repeat('(', 80)}context.session.ageHours == 1${repeat(')', 80)}`),
      {},
      { ageHours: 2 },
    ],
    [
      '90 terms',
      when(Array.from({ length: 90 }, (_, at) => `context.session.ageHours == ${at}`).join(' || ')),
      { ageHours: 89 },
      { ageHours: 90 },
    ],
    [
      'if in if in if',
      when(
        `${Array.from({ length: 90 }, (_, at) => `if context.session.ageHours == ${at} then true else `).join('')}false`,
      ),
      { ageHours: 89 },
      { ageHours: 90 },
    ],
    [
      '90 conditions',
      policy(`@id("x") ${scope} ${repeat('when { context.session.ageHours == 1 } ', 90)};`),
      {},
      { ageHours: 2 },
    ],
    [
      'a set of 10,000',
      when(`[${numbered(10_000, (at) => `${at},`)}0].contains(context.session.ageHours)`),
      { ageHours: 9_999 },
      { ageHours: 10_000 },
    ],
    [
      'a record of 5,000',
      when(`{${numbered(5_000, (at) => `a${at}: ${at},`)} b: 0}.a4999 == context.session.ageHours`),
      { ageHours: 4_999 },
      { ageHours: 5_000 },
    ],
    [
      'records in records',
      when(`${repeat('{a: ', 45)}context.session.ageHours${repeat('}', 45)}${repeat('.a', 45)} == 1`),
      {},
      { ageHours: 2 },
    ],
    [
      'a pattern of 60,000',
      when(`context.input.title like "${repeat('*a', 30_000)}"`),
      { title: repeat('a', 30_000) },
      { title: repeat('a', 29_999) },
    ],
    [
      'a pattern of escapes',
      when(`context.input.title like "${repeat('\\*', 20_000)}"`),
      { title: repeat('*', 20_000) },
      { title: repeat('*', 19_999) },
    ],
    [
      'a text of 60,000',
      when(`context.input.title == "${repeat('😀', 30_000)}"`),
      { title: repeat('😀', 30_000) },
      { title: '😀' },
    ],
    [
      'NUL in a text',
      when('context.input.title == "a\\0b" || context.input.title == "\0"'),
      { title: 'a\0b' },
      { title: 'ab' },
    ],
    [
      'the largest integers',
      when(
        'context.session.ageHours != 9223372036854775807 && context.session.ageHours > -9223372036854775808 && context.session.ageHours == 1',
      ),
      {},
      { ageHours: 2 },
    ],
    [
      'carriage returns',
      policy(`// only one\r@id("x") ${scope}\rwhen { context.session.ageHours == 1 }; // end\r`),
      {},
      { ageHours: 2 },
    ],
    [
      '4,000 annotations',
      policy(
        `${numbered(4_000, (at) => `@a${at}("x")`)} @id("x") ${scope} when { context.session.ageHours == 1 };`,
      ),
      {},
      { ageHours: 2 },
    ],
    [
      '5,000 policies',
      policy(numbered(5_000, (at) => `@id("p${at}") ${scope} when { principal == Person::"p${at}" };`)),
      { person: 'p4999' },
      { person: 'p5000' },
    ],
    [
      '19,000 policies by person',
      policy(
        numbered(
          19_000,
          (at) =>
            `@id("p${at}") permit (principal == Person::"p${at}", action == Action::"github/create_issue", resource);`,
        ),
      ),
      { person: 'p18999' },
      { person: 'p19000' },
    ],
    [
      'a scope of 1,000 names',
      policy(
        `@id("x") permit (principal, action in [${repeat('Action::"github/list_issues",', 999)}Action::"github/create_issue"], resource) when { context.session.ageHours == 1 };`,
      ),
      {},
      { ageHours: 2 },
    ],
    ...ids.map((id): [string, Change, Call, Call] => [
      `the id ${JSON.stringify(id).slice(0, 20)}`,
      policy(`@id(${JSON.stringify(id)}) ${scope} when { context.session.ageHours == 1 };`),
      {},
      { ageHours: 2 },
    ]),
  ])('%s', async (_, change, allowed, denied) => {
    expect(await decide(change, [allowed, denied])).toEqual(['allow', 'default_deny']);
  });

  it('a forbid behind a comment that ends at a carriage return holds', async () => {
    const change = policy(
      `@id("x") ${scope};\n// old rules:\r@id("y") forbid (principal, action in Action::"write", resource);`,
    );
    expect(await decide(change, [{}])).toEqual(['forbidden']);
  });
});
