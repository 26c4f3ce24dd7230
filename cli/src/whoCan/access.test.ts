import { loadInstalledEngine } from '@cardea/bundles';
import { CedarHost, compilePolicy, Engine, type CompiledPolicy } from '@cardea/engine';
import { readCatalog, toolEntities } from '@cardea/schemas/mcp';
import { describe, expect, it } from '@jest/globals';
import type { Access } from './access.ts';
import { listPersonalPolicies, tabulateAccess, type AccessTable } from './accessTable.ts';
import { renderAccess } from './renderAccess.ts';

const { module } = await loadInstalledEngine();
const host = new CedarHost(module);

const catalogs = ['desk', 'books'].map((id) =>
  readCatalog({
    server: { id, owner: 'owners', risk: 'low', environment: 'test' },
    tools: ['a', 'b'].map((name) => ({ name, inputSchema: {}, effect: 'write', review: 'approved' })),
  }),
);

function compile(texts: readonly string[]): CompiledPolicy[] {
  return texts.map((text, start) => {
    const result = compilePolicy(host, { text, file: 'test.cedar', start });
    if (result.kind === 'problem') throw new Error(result.problem.message);
    return result.policy;
  });
}

function tabulate(
  texts: readonly string[],
  choice: { groups?: string[]; tools?: string[] } = {},
): AccessTable {
  const policies = compile(texts);
  const entities = catalogs.flatMap(toolEntities);
  const engine = new Engine({ module, policies, entities, families: [] });
  const guardrails = new Set(['guardrail']);
  return tabulateAccess({ engine, catalogs, policies, guardrails }, { groups: [], tools: [], ...choice });
}

/** Of somebody in `support` with one tool. */
function accessOf(...texts: string[]): Access | undefined {
  const table = tabulate(texts, { groups: ['support'], tools: ['desk/a'] });
  return table.rows[0]?.cells[table.groups.indexOf('support')];
}

const permit = '@id("p") permit (principal in Group::"support", action, resource)';
const open = `${permit};`;
const small = `${permit} when { context.input.n < 5 };`;
const allowed = { answer: 'allowed', approvers: [], conditions: [], policies: ['p'], guardrails: [] };

describe('access', () => {
  it.each<[string, string[], Partial<Access>]>([
    [
      'no permit',
      ['@id("x") permit (principal in Group::"other", action, resource);'],
      { answer: 'denied', policies: [] },
    ],
    ['a permit that always applies', [open], {}],
    [
      'a permit that may apply',
      [small],
      {
        answer: 'conditional',
        policies: [],
        conditions: [{ verdict: 'allow', policy: 'p', condition: 'context.input.n < 5' }],
      },
    ],
    [
      'a permit that may apply beside one that always does',
      [open, '@id("q") permit (principal, action, resource) when { context.input.n < 5 };'],
      {},
    ],
    [
      'a forbid that always applies',
      [open, '@id("f") forbid (principal, action, resource);'],
      { answer: 'denied', policies: ['f'] },
    ],
    [
      'a forbid that fails for certain',
      [open, '@id("f") @hold("h") forbid (principal, action, resource) when { principal.nothing };'],
      { answer: 'denied', policies: ['f'] },
    ],
    [
      'a forbid that may apply',
      [open, '@id("f") forbid (principal, action, resource) when { context.input.n > 5 };'],
      {
        answer: 'conditional',
        conditions: [{ verdict: 'deny', policy: 'f', condition: 'context.input.n > 5' }],
      },
    ],
    [
      'holds that always apply',
      [
        open,
        '@id("h2") @hold("z") forbid (principal, action, resource);',
        '@id("h1") @hold("b") forbid (principal, action, resource);',
      ],
      { answer: 'held', approvers: ['b', 'z'], policies: ['h1', 'h2', 'p'] },
    ],
    [
      'a hold that may apply',
      [open, '@id("h") @hold("b") forbid (principal, action, resource) when { context.input.n > 5 };'],
      {
        answer: 'conditional',
        conditions: [{ verdict: 'hold', policy: 'h', condition: 'context.input.n > 5', approver: 'b' }],
      },
    ],
    [
      'a hold on what a permit may allow',
      [small, '@id("h") @hold("b") forbid (principal, action, resource);'],
      {
        answer: 'held',
        approvers: ['b'],
        policies: ['h'],
        conditions: [{ verdict: 'allow', policy: 'p', condition: 'context.input.n < 5' }],
      },
    ],
    [
      'a hold on what nobody permits',
      ['@id("h") @hold("b") forbid (principal, action, resource);'],
      { answer: 'denied', policies: [] },
    ],
    [
      'a guardrail that may apply',
      [open, '@id("guardrail") forbid (principal, action, resource) when { context.input.n > 5 };'],
      { guardrails: ['guardrail'] },
    ],
    [
      'a guardrail that always applies',
      [open, '@id("guardrail") forbid (principal, action, resource) unless { resource.risk == "high" };'],
      { answer: 'denied', policies: ['guardrail'] },
    ],
  ])('%s', (_, policies, expected) => {
    expect(accessOf(...policies)).toEqual({ ...allowed, ...expected });
  });
});

describe('the table of access', () => {
  it('knows groups from scopes and conditions, and those that it is told of', () => {
    const texts = [
      open,
      '@id("q") permit (principal, action, resource) when { principal in Group::"late" && resource in Server::"desk" };',
    ];
    expect(tabulate(texts, { groups: ['named', 'support'] }).groups).toEqual([
      undefined,
      'late',
      'named',
      'support',
    ]);
  });

  it.each([
    [[], ['books/a', 'books/b', 'desk/a', 'desk/b']],
    [['desk'], ['desk/a', 'desk/b']],
    [
      ['desk/b', 'books/a'],
      ['books/a', 'desk/b'],
    ],
  ])('shows the tools that are chosen: %j', (tools, rows) => {
    expect(tabulate([open], { tools }).rows.map(({ tool }) => tool)).toEqual(rows);
  });

  it('knows no tool that is not there', () => {
    expect(() => tabulate([open], { tools: ['desk/c'] })).toThrow('the project has no tool "desk/c"');
  });

  it('refuses a table that nobody could read', () => {
    const groups = Array.from({ length: 30_000 }, (_, at) => `g${at}`);
    expect(() => tabulate([open], { groups })).toThrow('too many for one table');
  });

  it('lists the policies that it cannot show', () => {
    const texts = [
      '@id("c") permit (principal is Agent, action, resource);',
      '@id("b") permit (principal == Person::"ann", action, resource);',
      '@id("a") permit (principal is Person in Group::"support", action, resource);',
      '@id("e") permit (principal, action, resource) when { principal.hasTag("x") };',
      '@id("d") forbid (principal, action, resource) when { context.agent == Agent::"crawler" };',
    ];
    expect(listPersonalPolicies(compile(texts))).toEqual(['b', 'c', 'd', 'e']);
  });

  const narrow = { width: 48, colour: false };

  it('puts columns that do not fit into a further table, and each list of conditions once', () => {
    const texts = [
      ...['one', 'second\n', 'third-group'].map(
        (group, at) =>
          `@id("p${at}") permit (principal in Group::${JSON.stringify(group)}, action, resource in Server::"desk");`,
      ),
      '@id("small") @hold("the board") forbid (principal, action == Action::"desk/a", resource) when { context.input.n > 5 };',
      '@id("held") @hold("the board") forbid (principal, action == Action::"desk/b", resource);',
    ];
    expect(`\n${renderAccess(tabulate(texts, { tools: ['desk'] }), narrow)}`).toBe(`
        anyone  one
desk/a  denied  conditional [1]
desk/b  denied  held by the board

        second\\n           third-group
desk/a  conditional [1]    conditional [1]
desk/b  held by the board  held by the board

[1] held by the board when context.input.n > 5 (small)
`);
  });

  it('colours what may be done', () => {
    const text = renderAccess(tabulate([open], { tools: ['desk/a'] }), { width: 100, colour: true });
    expect(text).toContain('\u001b[32mallowed\u001b[39m');
    expect(text).toContain('\u001b[2mdenied\u001b[22m');
  });
});
