import { describe, expect, it } from '@jest/globals';
import { parseStrictJson, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { evaluationSchema, readWire } from '@cardea/schemas/wire';
import { sampleIdentity } from '../../test/sampleIdentity.ts';
import { CallFacts } from '../facts/callFacts.ts';
import type { Target } from '../resolve/target.ts';
import { readDecision, toVerdict, writeQuestion } from './question.ts';

const identity = sampleIdentity('ann');
const bundle = 'sha256:1';

const allow = {
  verdict: 'allow',
  code: 'allowed',
  message: 'yes',
  reasons: [],
  bundle,
  dependsOn: [],
  decisionId: 'd-1',
};
const deny = { ...allow, verdict: 'deny', code: 'forbidden' };
const hold = { ...allow, verdict: 'hold', code: 'held', approvers: ['finance'] };

function outcome(answer: unknown): unknown {
  try {
    return readDecision(answer as JsonValue, bundle).verdict;
  } catch (fault) {
    return (fault as { code?: string }).code ?? (fault as Error).name;
  }
}

describe('readDecision', () => {
  it.each([
    [{ decision: true, context: allow }, 'allow'],
    [{ decision: false, context: deny }, 'deny'],
    [{ decision: false, context: hold }, 'hold'],
    [{ decision: false, context: { ...deny, verdict: 'needs', code: 'facts_needed' } }, 'needs'],
    [{ decision: false, context: { ...deny, code: 'policy_error' }, more: 1 }, 'deny'],
  ])('takes %j', (answer, verdict) => {
    expect(outcome(answer)).toBe(verdict);
  });

  it('begins again where the bundle has changed', () => {
    const context = { ...deny, code: 'bundle_changed', bundle: 'sha256:2' };
    expect(outcome({ decision: false, context })).toBe('BundleChanged');
  });

  it.each<[string, unknown]>([
    ['a denial that says yes', { decision: true, context: deny }],
    ['a hold that says yes', { decision: true, context: hold }],
    ['a need that says yes', { decision: true, context: { ...allow, verdict: 'needs' } }],
    ['an allow that says no', { decision: false, context: allow }],
    ['another bundle', { decision: true, context: { ...allow, bundle: 'sha256:2' } }],
    ['an allow with the code of a denial', { decision: true, context: { ...allow, code: 'forbidden' } }],
    ['a denial with the code of an allow', { decision: false, context: { ...deny, code: 'allowed' } }],
    ['a denial with the code of a hold', { decision: false, context: { ...deny, code: 'held' } }],
    ['a hold with the code of a denial', { decision: false, context: { ...hold, code: 'forbidden' } }],
    ['a code of nobody', { decision: false, context: { ...deny, code: 'maybe' } }],
    ['a verdict of nobody', { decision: true, context: { ...allow, verdict: 'maybe' } }],
    ['a decision that is a text', { decision: 'true', context: allow }],
    ['a decision alone', { decision: true }],
    ['no decision', { context: allow }],
    ['no decision id', { decision: true, context: { ...allow, decisionId: undefined } }],
    ['no reads', { decision: true, context: { ...allow, dependsOn: undefined } }],
    ['an expiry that is no time', { decision: true, context: { ...allow, expires: 'never' } }],
    ['an expiry that is a number', { decision: true, context: { ...allow, expires: 1e15 } }],
    ['a refusal', { error: { code: 'overloaded', message: '', requestId: 'r' } }],
    ['an array', [{ decision: true, context: allow }]],
    ['nothing', null],
    ['true', true],
  ])('refuses %s', (_, answer) => {
    expect(outcome(answer)).toBe('decision_unavailable');
  });
});

describe('toVerdict', () => {
  it('keeps what the caller is told', () => {
    const verdict = (context: unknown): unknown => toVerdict(context as Parameters<typeof toVerdict>[0]);
    expect(verdict(allow)).toEqual({ kind: 'allow', decisionId: 'd-1' });
    expect(verdict(deny)).toEqual({ kind: 'deny', code: 'forbidden', message: 'yes', decisionId: 'd-1' });
    expect(verdict(hold)).toMatchObject({ kind: 'hold', code: 'held', approvers: ['finance'] });
    expect(verdict({ ...hold, approvers: undefined })).toMatchObject({ kind: 'hold', approvers: [] });
  });

  it('cuts messages, and shows what is in them', () => {
    const message = `a\u202eb${'x'.repeat(1_000)}`;
    const verdict = toVerdict({ ...deny, message } as unknown as Parameters<typeof toVerdict>[0]);
    expect(verdict.kind === 'deny' ? verdict.message : '').toMatch(/^a\\u202ebx{397}\.\.\.$/);
  });
});

describe('writeQuestion', () => {
  const ask = (target: Target, families: readonly string[]): JsonObject => {
    const facts = new CallFacts({
      identity,
      target,
      nowMs: 0,
      session: { id: 's', createdMs: 0, usedMs: 0 },
      address: '10.0.0.1',
      client: 'c',
      protocol: 'p',
    });
    return parseStrictJson(writeQuestion({ bundle, identity, target, facts, families })) as JsonObject;
  };
  const input = parseStrictJson('{"n":9223372036854775807,"__proto__":{"x":1}}') as JsonObject;
  const target: Target = { method: 'tools/call', type: 'Tool', id: 'desk/x', input };

  it('is one that the decision service takes, with exact numbers', () => {
    const question = ask(target, ['grant', 'session', 'request', 'approvals', 'findings']);
    const read = readWire(evaluationSchema, question);
    expect(read).toMatchObject({ action: { name: 'tools/call' }, resource: { type: 'Tool', id: 'desk/x' } });
    const context = question['context'] as JsonObject;
    expect(Object.keys(context)).toEqual([
      'input',
      'agent',
      'grant',
      'session',
      'request',
      'approvals',
      'findings',
    ]);
    expect((context['input'] as JsonObject)['n']).toBe(9223372036854775807n);
    expect(Object.keys(context['input'] as JsonObject)).toEqual(['n', '__proto__']);
    expect(question['bundle']).toBe(bundle);
  });

  it('states no family that was not asked for, and none that there is not', () => {
    expect(Object.keys(ask(target, ['usage'])['context'] as JsonObject)).toEqual(['input', 'agent']);
  });

  it('states an empty input for what has none', () => {
    const question = ask({ ...target, type: 'Server', input: undefined }, []);
    expect((question['context'] as JsonObject)['input']).toEqual(Object.create(null));
  });
});
