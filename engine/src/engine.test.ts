// Directed cases beside the laws: what random worlds meet too seldom to be relied on.
import { describe, expect, it } from '@jest/globals';
import { Unrepresentable, type CedarEntity, type CedarRecord } from '@cardea/schemas/cedar';
import { cedarModule, compileAll } from '../test/oracle.ts';
import { Engine } from './engine.ts';
import type { DecisionRequest, Verdict } from './verdict/verdict.ts';

const ann = { type: 'Person', id: 'ann' };
const use = { type: 'Action', id: 'use' };
const tool = { type: 'Tool', id: 't' };
const group = (id: string): { type: string; id: string } => ({ type: 'Group', id });
const ref = (type: string, id: string): { __entity: { type: string; id: string } } => ({
  __entity: { type, id },
});

interface Case {
  readonly policies: readonly string[];
  readonly context?: CedarRecord;
  readonly entities?: readonly CedarEntity[];
  readonly request?: Partial<DecisionRequest>;
  readonly families?: readonly string[];
}

function engineOf({ policies, entities = [], families = [] }: Case): Engine {
  const named = policies.map((text, at) => (text.includes('@id') ? text : `@id("p${at}") ${text}`));
  return new Engine({ module: cedarModule, policies: compileAll(named), entities, families });
}

function decide(given: Case): Verdict {
  return engineOf(given).decide({
    principal: ann,
    action: use,
    resource: tool,
    context: given.context ?? {},
    entities: [],
    supplied: [],
    approved: [],
    ...given.request,
  });
}

const all = '(principal, action, resource)';

describe('decide', () => {
  it('denies by default, without reasons, when there is no policy', () => {
    expect(decide({ policies: [] })).toEqual({
      kind: 'deny',
      code: 'default_deny',
      reasons: [],
      dependsOn: [],
    });
  });

  it('names the permit that allows', () => {
    expect(decide({ policies: [`@id("open") @message("Come in.") permit ${all};`] })).toEqual({
      kind: 'allow',
      reasons: [{ policy: 'open', effect: 'permit', message: 'Come in.' }],
      dependsOn: [],
    });
  });

  it('sorts reasons by policy id, whatever order the engine answers in', () => {
    const policies = Array.from({ length: 40 }, (_, at) => `@id("p${at}") permit ${all};`);
    const verdict = decide({ policies });
    const ids = 'reasons' in verdict ? verdict.reasons.map((reason) => reason.policy) : [];
    expect(ids).toHaveLength(40);
    expect(ids).toEqual([...ids].sort());
  });

  it.each([
    ['a value one above', 9007199254740993n, 'allow'],
    ['the value that a double would make of it', 9007199254740992n, 'deny'],
    ['the largest integer', 9223372036854775807n, 'deny'],
  ])('compares integers exactly to 64 bits: %s', (_, amount, kind) => {
    const policies = [`permit ${all} when { context.amount == 9007199254740993 };`];
    expect(decide({ policies, context: { amount } }).kind).toBe(kind);
  });

  it('denies when a forbid fails, although Cedar itself would allow', () => {
    const policies = [`permit ${all};`, `@id("f") forbid ${all} when { context.missing > 1 };`];
    expect(decide({ policies })).toMatchObject({
      kind: 'deny',
      code: 'policy_error',
      reasons: [{ policy: 'f' }],
    });
  });

  it('denies when a hold fails while another one was approved', () => {
    const policies = [
      `permit ${all};`,
      `@id("h1") @hold("a") forbid ${all};`,
      `@id("h2") @hold("b") forbid ${all} when { context.missing > 1 };`,
    ];
    expect(decide({ policies, request: { approved: ['h1'] } })).toMatchObject({ code: 'policy_error' });
  });

  it.each([
    [[], 'hold', ['finance', 'legal']],
    [['h1'], 'hold', ['legal']],
    [['h2'], 'hold', ['finance']],
    [['h1', 'h2'], 'allow', undefined],
    [['something else'], 'hold', ['finance', 'legal']],
  ])('holds for the groups whose policies were not approved: approved %j', (approved, kind, approvers) => {
    const policies = [
      `permit ${all};`,
      `@id("h1") @hold("finance") forbid ${all};`,
      `@id("h2") @hold("legal") forbid ${all};`,
    ];
    const verdict = decide({ policies, request: { approved } });
    expect(verdict.kind).toBe(kind);
    expect('approvers' in verdict ? verdict.approvers : undefined).toEqual(approvers);
  });

  it('denies what approval could not make allowed, rather than hold it', () => {
    expect(decide({ policies: [`@id("h") @hold("a") forbid ${all};`] })).toMatchObject({
      code: 'default_deny',
    });
    const plain = [`permit ${all};`, `@id("h") @hold("a") forbid ${all};`, `@id("f") forbid ${all};`];
    expect(decide({ policies: plain, request: { approved: ['h'] } })).toMatchObject({
      code: 'forbidden',
      reasons: [{ policy: 'f' }],
    });
  });

  it('ignores an approval of a forbid that is no hold', () => {
    const policies = [`permit ${all};`, `@id("f") forbid ${all};`];
    expect(decide({ policies, request: { approved: ['f'] } })).toMatchObject({ code: 'forbidden' });
  });

  it('takes only the entity itself for ==, its descendants too for in', () => {
    const entities = [{ uid: ann, attrs: {}, parents: [group('g')] }];
    expect(decide({ policies: ['permit (principal == Group::"g", action, resource);'], entities }).kind).toBe(
      'deny',
    );
    expect(decide({ policies: ['permit (principal in Group::"g", action, resource);'], entities }).kind).toBe(
      'allow',
    );
  });

  it('tells apart two principals of the same name under other groups', () => {
    const engine = engineOf({ policies: ['permit (principal in Group::"g", action, resource);'] });
    const decideWith = (parents: readonly string[]): string =>
      engine.decide({
        principal: ann,
        action: use,
        resource: tool,
        context: {},
        entities: [{ uid: ann, attrs: {}, parents: parents.map(group) }],
        supplied: [],
        approved: [],
      }).kind;
    expect([decideWith(['h']), decideWith(['g']), decideWith([])]).toEqual(['deny', 'allow', 'deny']);
  });

  it('fires a forbid on the group of the owner, which no ancestor leads to', () => {
    const entities = [
      { uid: tool, attrs: { owner: ref('Group', 'payments') }, parents: [] },
      { uid: group('payments'), attrs: {}, parents: [group('regulated')] },
    ];
    const policies = [`permit ${all};`, `forbid ${all} when { resource.owner in Group::"regulated" };`];
    expect(decide({ policies, entities })).toMatchObject({ code: 'forbidden' });
  });

  it('follows entities held in tags', () => {
    const entities = [
      { uid: tool, attrs: {}, parents: [], tags: { team: ref('Group', 'payments') } },
      { uid: group('payments'), attrs: { frozen: true }, parents: [] },
    ];
    const policies = [`permit ${all};`, `forbid ${all} when { resource.getTag("team").frozen };`];
    expect(decide({ policies, entities })).toMatchObject({ code: 'forbidden' });
  });

  it('keeps attributes that only has asks for', () => {
    const entities = [{ uid: tool, attrs: { frozen: 1 }, parents: [] }];
    const policies = [`permit ${all};`, `forbid ${all} when { resource has frozen };`];
    expect(decide({ policies, entities })).toMatchObject({ code: 'forbidden' });
  });
});

describe('what a verdict reads', () => {
  const dependsOn = (condition: string): readonly string[] =>
    engineOf({ policies: [`permit ${all} when { ${condition} };`] }).dependsOn({
      principal: ann,
      action: use,
      resource: tool,
      entities: [],
    });

  it.each([
    ['context.input.amount > 1', ['/input/amount']],
    ['context.input has amount', ['/input/amount']],
    ['context has input.amount', ['/input/amount']],
    ['context.input["a/b~c"] == 1', ['/input/a~1b~0c']],
    ['{a: context.x, b: context.y}.a == 1', ['/x', '/y']],
    ['(if context.t then context.a else context.b).c == 1', ['/a/c', '/b/c', '/t']],
    ['context.agent.owner == principal', ['/agent/owner']],
    ['context.input == {a: 1} || context.input.b == 1', ['/input']],
    ['context == {}', ['']],
    ['true || context.never == 1', ['/never']],
    ['principal == Person::"x"', []],
  ])('lists the paths of %s', (condition, paths) => {
    expect(dependsOn(condition)).toEqual(paths);
  });

  it('does not depend on what policies out of scope read', () => {
    const entities = [{ uid: ann, attrs: {}, parents: [group('g')] }];
    const policies = ['permit (principal == Group::"g", action, resource) when { context.a == 1 };'];
    const engine = engineOf({ policies, entities });
    expect(engine.dependsOn({ principal: ann, action: use, resource: tool, entities: [] })).toEqual([]);
  });

  it('reads the siblings of a record field, since Cedar evaluates them', () => {
    const policies = [`permit ${all};`, `@id("f") forbid ${all} when { {a: 1, b: context.missing}.a == 2 };`];
    expect(decide({ policies, context: {} })).toMatchObject({ code: 'policy_error' });
    expect(decide({ policies, context: { missing: 1 } }).kind).toBe('allow');
  });

  it('tells a missing key from a path that runs into a text', () => {
    const policies = [`permit ${all} when { context.n has x || true };`];
    expect(decide({ policies, context: { n: {} } }).kind).toBe('allow');
    expect(decide({ policies, context: { n: 'text' } }).kind).toBe('deny');
  });

  it('answers has for a value that it never looks at', () => {
    const policies = [`permit ${all} when { context.input has note };`];
    expect(decide({ policies, context: { input: { note: new Unrepresentable('null') } } }).kind).toBe(
      'allow',
    );
    expect(decide({ policies, context: { input: {} } }).kind).toBe('deny');
  });

  it('does not find keys of the prototype', () => {
    for (const key of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(decide({ policies: [`permit ${all} when { context has ${key} };`] }).kind).toBe('deny');
    }
  });

  it('denies an unrepresentable value that is read, naming the path, and ignores one that is not', () => {
    const context = { input: { amount: new Unrepresentable('1.5 is not an integer'), other: 1 } };
    expect(decide({ policies: [`permit ${all} when { context.input.amount > 1 };`], context })).toMatchObject(
      {
        code: 'unrepresentable_value',
        detail: '/input/amount: 1.5 is not an integer',
      },
    );
    expect(decide({ policies: [`permit ${all} when { context.input.other == 1 };`], context }).kind).toBe(
      'allow',
    );
  });

  it('asks for the families that are read and not stated, and for those alone', () => {
    const given = {
      policies: [`permit ${all} when { context.usage.hour < 3 };`],
      families: ['usage', 'findings'],
    };
    expect(decide(given)).toEqual({ kind: 'needs', families: ['usage'], dependsOn: ['/usage/hour'] });
    expect(decide({ ...given, context: { usage: { hour: 1 } }, request: { supplied: ['usage'] } }).kind).toBe(
      'allow',
    );
  });

  it('asks for every family when a policy reads the whole context', () => {
    const given = {
      policies: [`permit ${all} when { context == context };`],
      families: ['usage', 'findings'],
    };
    expect(decide(given)).toMatchObject({ kind: 'needs', families: ['findings', 'usage'] });
  });
});

describe('discovery', () => {
  const isVisible = (policies: readonly string[]): boolean =>
    engineOf({ policies }).isVisible({ principal: ann, action: use, resource: tool, entities: [] }, [
      'input',
    ]);

  it.each<[string, string[], boolean]>([
    ['nothing permits', [], false],
    ['a permit applies', [`permit ${all};`], true],
    ['a permit may apply', [`permit ${all} when { context.input.amount < 10 };`], true],
    ['a permit can never apply', [`permit ${all} when { principal == Person::"bob" };`], false],
    ['a forbid applies', [`permit ${all};`, `forbid ${all};`], false],
    ['a forbid may apply', [`permit ${all};`, `forbid ${all} when { context.input.amount > 10 };`], true],
    ['a hold applies', [`permit ${all};`, `@hold("x") forbid ${all};`], true],
    ['a forbid fails for certain', [`permit ${all};`, `forbid ${all} when { principal.missing };`], false],
    [
      'a hold fails for certain',
      [`permit ${all};`, `@hold("x") forbid ${all} when { principal.missing };`],
      false,
    ],
    ['a permit fails for certain', [`permit ${all};`, `permit ${all} when { principal.missing };`], true],
  ])('shows a tool or hides it: %s', (_, policies, visible) => {
    expect(isVisible(policies)).toBe(visible);
  });
});
