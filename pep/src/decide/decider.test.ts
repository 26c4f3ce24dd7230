import { beforeEach, describe, expect, it } from '@jest/globals';
import { Refusal } from '@cardea/schemas/codes';
import { parseStrictJson, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { sampleIdentity } from '../../test/sampleIdentity.ts';
import type { Circumstances } from '../facts/callFacts.ts';
import { BundleChanged } from './bundleChanged.ts';
import { Decider } from './decider.ts';
import { VerdictCache } from './verdictCache.ts';
import type { Verdict } from './verdict.ts';

const startMs = Date.parse('2026-11-25T12:00:00Z');
const ann = sampleIdentity('ann');
const bob = sampleIdentity('bob');

interface Ruling {
  readonly verdict: string;
  readonly code?: string;
  readonly dependsOn?: readonly string[];
  readonly needs?: readonly string[];
  readonly lifetimeMs?: number;
  readonly bundle?: string;
}

let wallMs: number;
let steadyMs: number;
let isFresh: boolean;
let rule: (context: JsonObject) => Ruling;
let questions: JsonObject[];
let sources: string[];
let gate: Promise<unknown>;
let decider: Decider;

const codes: Readonly<Record<string, string>> = { allow: 'allowed', hold: 'held', needs: 'facts_needed' };

function write({ verdict, code, dependsOn = [], needs, lifetimeMs, bundle = 'b1' }: Ruling): JsonValue {
  return {
    decision: verdict === 'allow',
    context: {
      verdict,
      code: code ?? codes[verdict] ?? 'forbidden',
      message: 'so it is',
      reasons: [],
      bundle,
      dependsOn,
      ...(needs === undefined ? {} : { needs }),
      ...(lifetimeMs === undefined ? {} : { expires: new Date(wallMs + lifetimeMs).toISOString() }),
      decisionId: `d-${questions.length}`,
    },
  };
}

beforeEach(() => {
  wallMs = startMs;
  steadyMs = 0;
  isFresh = true;
  questions = [];
  sources = [];
  gate = Promise.resolve();
  rule = () => ({ verdict: 'allow', lifetimeMs: 60_000 });
  decider = new Decider({
    endpoint: {
      ask: async (_, body) => {
        const question = parseStrictJson(body) as JsonObject;
        questions.push(question);
        const ruling = rule(question['context'] as JsonObject);
        await gate;
        return write(ruling);
      },
    },
    cache: new VerdictCache(1_000, () => steadyMs),
    isFresh: () => isFresh,
    now: () => wallMs,
    onDecided: (source) => sources.push(source),
    usage: { reserve: () => Promise.resolve({ usage: { x: 1 }, release: () => undefined }) },
  });
});

function about(input = '{}', change: Partial<Circumstances> = {}): Circumstances {
  return {
    identity: ann,
    target: {
      method: 'tools/call',
      type: 'Tool',
      id: 'desk/refund',
      input: parseStrictJson(input) as JsonObject,
    },
    nowMs: wallMs,
    session: { id: 's', createdMs: startMs, usedMs: startMs },
    address: '10.0.0.1',
    client: 'c',
    protocol: 'p',
    ...change,
  };
}

const decide = async (input?: string, change?: Partial<Circumstances>, bundle = 'b1'): Promise<Verdict> =>
  decider.decide(bundle, about(input, change));

const stated = (at: number): string[] => Object.keys(questions[at]?.['context'] as JsonObject);

describe('what is kept', () => {
  it('is found again, at once, by whoever agrees on what was read', async () => {
    rule = () => ({ verdict: 'allow', dependsOn: ['/input/amount'], lifetimeMs: 60_000 });
    await decide('{"amount":1,"note":"a"}');
    const again = decider.decide('b1', about('{"amount":1,"note":"b"}'));
    expect(again).toEqual({ kind: 'allow', decisionId: 'd-1' });
    expect(questions.length).toBe(1);
    expect(sources).toEqual(['service', 'cache']);
  });

  it.each<[string, string, Partial<Circumstances>, string]>([
    ['another value', '{"amount":2}', {}, 'b1'],
    ['no value', '{}', {}, 'b1'],
    ['another person', '{"amount":1}', { identity: bob }, 'b1'],
    ['another bundle', '{"amount":1}', {}, 'b2'],
  ])('is not found for %s', async (_, input, change, bundle) => {
    rule = () => ({
      verdict: 'allow',
      dependsOn: ['/input/amount'],
      lifetimeMs: 60_000,
      bundle: questions.at(-1)?.['bundle'] as string,
    });
    await decide('{"amount":1}');
    await decide(input, change, bundle);
    expect(questions.length).toBe(2);
  });

  it('ends when the service says, by a clock that cannot be set', async () => {
    rule = () => ({ verdict: 'allow', lifetimeMs: 5_000 });
    await decide();
    wallMs -= 3_600_000;
    steadyMs += 4_999;
    await decide();
    expect(questions.length).toBe(1);
    steadyMs += 1;
    await decide();
    expect(questions.length).toBe(2);
  });

  it.each<[string, Ruling]>([
    ['a verdict without an expiry', { verdict: 'allow' }],
    ['one that has expired', { verdict: 'allow', lifetimeMs: 0 }],
    ['a hold', { verdict: 'hold', lifetimeMs: 60_000 }],
    ['one that reads everything', { verdict: 'allow', dependsOn: [''], lifetimeMs: 60_000 }],
  ])('is not %s', async (_, ruling) => {
    rule = () => ruling;
    await decide();
    await decide();
    expect(questions.length).toBe(2);
  });

  it('is neither found nor kept while it is not known what is current', async () => {
    await decide();
    isFresh = false;
    await decide();
    expect(questions.length).toBe(2);
    await decide('{}', { identity: bob });
    isFresh = true;
    await decide('{}', { identity: bob });
    expect(questions.length).toBe(4);
    expect(questions.length).toBe(4);
  });

  it('is forgotten with its bundle', async () => {
    await decide();
    decider.forget();
    await decide();
    expect(questions.length).toBe(2);
  });

  it('is never a failure', async () => {
    rule = () => {
      throw new Refusal('decision_unavailable', 'no');
    };
    await expect(decide()).rejects.toMatchObject({ code: 'decision_unavailable' });
    rule = () => ({ verdict: 'deny' });
    expect(await decide()).toMatchObject({ kind: 'deny' });
  });
});

describe('facts', () => {
  it('are stated as far as they cost nothing, and gathered once more where they are needed', async () => {
    rule = ({ findings }) =>
      findings === undefined
        ? { verdict: 'needs', needs: ['findings'], dependsOn: ['/findings/personal'] }
        : { verdict: 'deny', dependsOn: ['/findings/personal'] };
    expect(await decide('{"text":"4111111111111111"}')).toMatchObject({ kind: 'deny', code: 'forbidden' });
    expect(stated(0)).toEqual(['input', 'agent', 'grant', 'session', 'request', 'approvals']);
    expect(stated(1)).toContain('findings');
  });

  it('that are known to be read are stated at once', async () => {
    rule = () => ({ verdict: 'deny', dependsOn: ['/findings/personal'] });
    await decide('{"a":"x"}');
    await decide('{"a":"y"}');
    expect(stated(1)).toEqual(['input', 'agent', 'findings']);
  });

  it('that are needed a second time are not to be had', async () => {
    rule = () => ({ verdict: 'needs', needs: ['findings'] });
    expect(await decide()).toMatchObject({ kind: 'deny', code: 'facts_required' });
    expect(questions.length).toBe(2);
  });

  it.each(['nothing', '__proto__'])('that nobody here has are not asked about: %s', async (family) => {
    rule = () => ({ verdict: 'needs', needs: ['findings', family] });
    expect(await decide()).toMatchObject({ kind: 'deny', code: 'facts_required' });
    expect(questions.length).toBe(1);
  });
});

describe('questions at once', () => {
  const hold = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    gate = promise;
    return () => {
      resolve(undefined);
    };
  };
  const times = <T>(count: number, task: (at: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, at) => task(at)));

  it.each(['cold', 'warm'])('are one where they are the same: %s', async (state) => {
    rule = () => ({ verdict: 'deny', dependsOn: ['/input/a'], lifetimeMs: 60_000 });
    if (state === 'warm') await decide('{"a":99}');
    const before = questions.length;
    const open = hold();
    const all = times(64, () => decide('{"a":1}'));
    open();
    expect(new Set((await all).map((verdict) => verdict.decisionId)).size).toBe(1);
    expect(questions.length - before).toBe(1);
  });

  it.each(['cold', 'warm'])('are as many as they differ: %s', async (state) => {
    rule = ({ input }) => ({
      verdict: (input as JsonObject)['a'] === 3 ? 'allow' : 'deny',
      dependsOn: ['/input/a'],
      lifetimeMs: 60_000,
    });
    if (state === 'warm') await decide('{"a":99}');
    const before = questions.length;
    const open = hold();
    const all = times(64, (at) => decide(`{"a":${at % 8}}`));
    open();
    expect((await all).map(({ kind }) => kind === 'allow')).toEqual(
      Array.from({ length: 64 }, (_, at) => at % 8 === 3),
    );
    expect(questions.length - before).toBe(8);
  });

  it('are never one for two identities', async () => {
    const open = hold();
    const all = times(10, (at) => decide('{}', { identity: at % 2 === 0 ? ann : bob }));
    open();
    await all;
    expect(questions.length).toBe(2);
  });

  it.each(['usage', 'approvals'])('are never one where %s are read', async (family) => {
    rule = () => ({ verdict: 'allow', dependsOn: [`/${family}/x`] });
    await decide();
    const open = hold();
    const all = times(10, () => decide());
    open();
    await all;
    expect(questions.length).toBe(11);
  });

  it('fail together, and not for long', async () => {
    rule = () => {
      throw new BundleChanged();
    };
    const all = await Promise.allSettled([decide(), decide(), decide()]);
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    rule = () => ({ verdict: 'allow' });
    expect(await decide()).toMatchObject({ kind: 'allow' });
  });

  it('do not outlive their bundle', async () => {
    rule = () => ({ verdict: 'allow', lifetimeMs: 60_000, bundle: questions.at(-1)?.['bundle'] as string });
    const open = hold();
    const before = decide();
    decider.forget();
    const after = decide('{}', {}, 'b2');
    open();
    await Promise.all([before, after]);
    expect(questions.map((question) => question['bundle'])).toEqual(['b1', 'b2']);
  });
});

describe('an answer of another bundle', () => {
  it('begins again where it says so, and is none where it does not', async () => {
    rule = () => ({ verdict: 'deny', code: 'bundle_changed', bundle: 'b2' });
    await expect(decide()).rejects.toThrow(BundleChanged);
    rule = () => ({ verdict: 'allow', bundle: 'b2' });
    await expect(decide()).rejects.toMatchObject({ code: 'decision_unavailable' });
  });
});
