import { describe, expect, it } from '@jest/globals';
import { engine, files, github, guardrails, makeSources, project } from '../../test/sample.ts';
import { buildBundle } from './buildBundle.ts';
import type { BuildProblem } from './buildProblem.ts';

type Change = Readonly<Record<string, string | undefined>>;

const problemsOf = async (change: Change, base = files): Promise<readonly BuildProblem[]> => {
  const result = await buildBundle(makeSources(change, base), { engine, guardrails });
  return result.kind === 'built' ? result.warnings : result.problems;
};

/** What the problem points at. */
const pointedAt = ({ file, start, end }: BuildProblem, change: Change, base = files): string =>
  ({ ...base, ...change })[file]?.slice(start, end) ?? '(no such file)';

const json = (value: object): string => JSON.stringify(value);
/** A counter that adds up the title of issues. */
const summing = (tool = 'github/create_issue'): { sum: object } & object => ({
  ...project.settings.counters[0],
  sum: { tools: [tool], argument: '/title' },
});
const policy = (text: string): Change => ({ 'policies/own.cedar': text });

describe('buildBundle refuses', () => {
  it.each<[string, Change, string, string]>([
    [
      'a misspelt argument',
      policy(
        '@id("x") forbid (principal, action == Action::"stripe/create_refund", resource)\nwhen { context.input.amuont > 1 };',
      ),
      'policy_invalid',
      'context.input.amuont',
    ],
    [
      'an argument of another type',
      policy(
        '@id("x") forbid (principal, action == Action::"github/create_issue", resource) when { context.input.title > 1 };',
      ),
      'policy_invalid',
      'context.input.title',
    ],
    [
      'an argument that only some of the tools have',
      policy(
        '@id("x") forbid (principal, action in Action::"write", resource) when { context.input.amount > 1 };',
      ),
      'policy_invalid',
      'context.input.amount',
    ],
    [
      'an optional argument read without `has`',
      policy(
        '@id("x") forbid (principal, action == Action::"stripe/create_refund", resource) when { context.input.reason == "" };',
      ),
      'policy_invalid',
      'context.input.reason',
    ],
    [
      'arguments read where methods have none',
      policy('@id("x") forbid (principal, action, resource) when { context.input.x };'),
      'policy_invalid',
      'context.input.x',
    ],
    [
      'a counter that nobody declared',
      policy(
        '@id("x") forbid (principal, action in Action::"write", resource) when { context.usage.day > 1 };',
      ),
      'policy_invalid',
      'context.usage.day',
    ],
    [
      'a mistake behind a comparison of actions',
      policy(
        '@id("x") forbid (principal, action, resource) when { action == Action::"github/list_issues" && context.usage.day > 1 };',
      ),
      'policy_invalid',
      'context.usage.day',
    ],
    [
      'a type that does not exist, though the scope covers nothing',
      policy('@id("x") forbid (principal is Robot, action == Action::"read", resource);'),
      'policy_invalid',
      'Robot',
    ],
    [
      'a tool that does not exist',
      policy('@id("x") forbid (principal, action == Action::"stripe/create_refnd", resource);'),
      'name_unknown',
      'Action::"stripe/create_refnd"',
    ],
    [
      'a server that does not exist, in a condition',
      policy('@id("x") forbid (principal, action, resource is Tool) when { resource in Server::"strip" };'),
      'name_unknown',
      'Server::"strip"',
    ],
    [
      'a method that does not exist',
      policy('@id("x") forbid (principal, action in [Action::"tools/list", Action::"tools/lst"], resource);'),
      'name_unknown',
      'Action::"tools/lst"',
    ],
    [
      'a toolset that does not exist',
      policy('@id("x") forbid (principal, action, resource in Toolset::"customer");'),
      'name_unknown',
      'Toolset::"customer"',
    ],
    [
      'a syntax error, at its place behind multibyte text',
      policy('// \u20ac\u{1f600}\n@id("\u20ac") permit (principal, action, resource) whn { true };'),
      'policy_syntax',
      'whn',
    ],
    [
      'a policy without an id',
      policy('permit (principal, action, resource is Tool);'),
      'id_missing',
      'permit',
    ],
    [
      'the same id twice, also over files',
      policy('@id("everyone-reads") permit (principal, action in Action::"read", resource);'),
      'id_duplicate',
      '@id',
    ],
    [
      'an id of two lines',
      policy('@id("a\\nb") permit (principal, action in Action::"read", resource);'),
      'id_missing',
      '@id',
    ],
    [
      '@hold on a permit',
      policy('@id("x") @hold("a") permit (principal, action, resource);'),
      'hold_on_permit',
      '@hold',
    ],
    [
      'a template',
      policy('@id("x") permit (principal == ?principal, action, resource);'),
      'policy_template',
      '?principal',
    ],
    [
      'what would kill the engine',
      policy(
        `@id("x") permit (principal, action, resource is Tool) when { ${'('.repeat(500)}true${')'.repeat(500)} };`,
      ),
      'policy_too_deep',
      '(',
    ],
    ['no project file', { 'cardea.json': undefined }, 'source_missing', '(no such file)'],
    ['a project that is no JSON', { 'cardea.json': '{"organisation": "acme",}' }, 'project_invalid', '}'],
    [
      'a project with a key twice',
      { 'cardea.json': '{"profile":"mcp","profile":"plain"}' },
      'project_invalid',
      '"',
    ],
    ['an unknown profile', { 'cardea.json': json({ ...project, profile: 'xml' }) }, 'project_invalid', '"'],
    [
      'an unknown setting',
      { 'cardea.json': json({ ...project, settings: { limits: 1 } }) },
      'project_invalid',
      '1',
    ],
    [
      'two counters of one name',
      {
        'cardea.json': json({
          ...project,
          settings: { counters: [project.settings.counters[0], project.settings.counters[0]] },
        }),
      },
      'project_invalid',
      '[',
    ],
    [
      'a sum over a tool that no catalog has',
      { 'cardea.json': json({ ...project, settings: { counters: [summing('github/nothing')] } }) },
      'project_invalid',
      '{',
    ],
    [
      'a sum without an argument',
      {
        'cardea.json': json({
          ...project,
          settings: { counters: [{ ...summing(), sum: { tools: ['github/create_issue'] } }] },
        }),
      },
      'project_invalid',
      '{',
    ],
    ['a catalog of another server', { 'catalog/gitlab.json': json(github) }, 'catalog_invalid', '"'],
    [
      'a catalog without effects',
      { 'catalog/github.json': json(github).replace('"effect":"read"', '"effect":"??"') },
      'catalog_invalid',
      '"',
    ],
    ['a schema of its own', { 'schema.cedarschema': 'entity A;' }, 'source_misplaced', 'e'],
    ['entities of its own', { 'entities.json': '[]' }, 'source_misplaced', '['],
    [
      'no guardrail',
      { 'policies/guardrails/approved.cedar': undefined },
      'guardrail_missing',
      '(no such file)',
    ],
    [
      'a guardrail with one blank more',
      {
        'policies/guardrails/approved.cedar': (files['policies/guardrails/approved.cedar'] ?? '').replace(
          'unless {',
          'unless  {',
        ),
      },
      'guardrail_changed',
      'forbid',
    ],
    [
      'a guardrail that was turned around',
      {
        'policies/guardrails/approved.cedar': (files['policies/guardrails/approved.cedar'] ?? '').replace(
          'unless',
          'when',
        ),
      },
      'guardrail_changed',
      'forbid',
    ],
  ])('%s', async (_, change, code, text) => {
    const problems = await problemsOf(change);
    expect(problems.map((problem) => [problem.severity, problem.code])).toEqual([['error', code]]);
    expect(pointedAt(problems[0] as BuildProblem, change)).toBe(text);
  });

  it('nothing that only names what arrives with requests', async () => {
    const change = policy(
      '@id("x") permit (principal in Group::"new", action in Action::"read", resource) when { principal != Person::"eve" };',
    );
    expect(await problemsOf(change)).toEqual([]);
  });

  it('a mistake once, however many tools show it, and says how many', async () => {
    const change = policy(
      '@id("x") forbid (principal, action in Action::"tools/call", resource) when { context.input.x };',
    );
    const [problem, ...others] = await problemsOf(change);
    expect(others).toEqual([]);
    expect(problem?.message).toContain('so it is for 3 other actions');
  });

  it('a name with the likely one beside it', async () => {
    const change = policy('@id("x") forbid (principal, action == Action::"github/create_isue", resource);');
    expect((await problemsOf(change))[0]?.help).toBe('did you mean Action::"github/create_issue"?');
  });

  it('everything at once, in the order of files', async () => {
    const change = {
      'policies/z.cedar': 'permit (principal, action, resource is Tool);',
      'policies/a.cedar':
        '@id("a") permit (principal, action, resource) when { unknown("x") }; permit (principal',
    };
    const problems = await problemsOf(change);
    expect(problems.map(({ file }) => file)).toEqual(['policies/a.cedar']);
    const vetted = await problemsOf({
      ...change,
      'policies/a.cedar': '@id("a") permit (principal, action, resource) when { unknown("x") };',
    });
    expect(vetted.map(({ file, code }) => [file, code])).toEqual([
      ['policies/a.cedar', 'policy_unknown_function'],
      ['policies/z.cedar', 'id_missing'],
    ]);
  });
});

describe('buildBundle warns', () => {
  it('of a policy that can never apply, though each tool for itself is no mistake', async () => {
    const change = policy(
      '@id("x") permit (principal, action == Action::"github/list_issues", resource == Tool::"stripe/create_refund");',
    );
    const problems = await problemsOf(change);
    expect(problems).not.toEqual([]);
    expect(problems.every(({ severity }) => severity === 'warning')).toBe(true);
  });

  it('not of one that applies to one tool out of many', async () => {
    const change = policy(
      '@id("x") forbid (principal, action in Action::"tools/call", resource) when { context.input has state && context.input.state == "all" };',
    );
    expect(await problemsOf(change)).toEqual([]);
  });
});
