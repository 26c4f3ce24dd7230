// Verdicts that read usage: counted before they are asked for, and given back unless the call is allowed.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { parseStrictJson, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { sampleIdentity } from '../../test/sampleIdentity.ts';
import type { Circumstances } from '../facts/callFacts.ts';
import { ProcessCounters } from '../usage/processCounters.ts';
import { reserveUsage } from '../usage/usage.ts';
import { BundleChanged } from './bundleChanged.ts';
import { Decider } from './decider.ts';
import { VerdictCache } from './verdictCache.ts';
import type { Verdict } from './verdict.ts';

const counters = [
  { name: 'hour', key: 'person', windowSeconds: 3_600 },
  {
    name: 'refunded',
    key: 'person',
    windowSeconds: 3_600,
    sum: { tools: ['desk/refund'], argument: '/amount' },
  },
] as const;

const most = 3;
const sumMost = 100;

let asked: JsonObject[];
let sabotage: ((usage: JsonObject | undefined) => JsonValue | undefined) | undefined;
let isCounted: boolean;
let decider: Decider;

/** At most three calls and 100 in all, as a policy would have it. */
function answer(context: JsonObject): JsonValue {
  const usage = context['usage'] as { readonly hour: number; readonly refunded: number } | undefined;
  const sabotaged = sabotage?.(context['usage'] as JsonObject | undefined);
  if (sabotaged !== undefined) return sabotaged;
  if (usage === undefined) return write('needs', 'facts_needed', ['usage']);
  return usage.hour > most || usage.refunded > sumMost
    ? write('deny', 'forbidden')
    : write('allow', 'allowed');
}

function write(verdict: string, code: string, needs?: readonly string[]): JsonValue {
  const context = { verdict, code, message: 'm', reasons: [], bundle: 'b1', decisionId: 'd' };
  const more = needs === undefined ? {} : { needs: [...needs] };
  return { decision: verdict === 'allow', context: { ...context, ...more, dependsOn: ['/usage'] } };
}

beforeEach(() => {
  asked = [];
  sabotage = undefined;
  isCounted = true;
  const store = new ProcessCounters(() => 0);
  decider = new Decider({
    endpoint: {
      ask: (_, body) => {
        const { context } = parseStrictJson(body) as { readonly context: JsonObject };
        asked.push(context);
        return Promise.resolve(answer(context));
      },
    },
    cache: new VerdictCache(1_000, () => 0),
    isFresh: () => true,
    now: () => 0,
    onDecided: () => undefined,
    usage: {
      reserve: (_, { identity, target }, dependsOn) =>
        isCounted
          ? reserveUsage(store, counters, dependsOn, { organisation: 'acme', identity, target })
          : Promise.resolve(undefined),
    },
  });
});

const about = (amount: number): Circumstances => ({
  identity: sampleIdentity('ann'),
  target: { method: 'tools/call', type: 'Tool', id: 'desk/refund', input: { amount } },
  nowMs: 0,
  session: { id: 's', createdMs: 0, usedMs: 0 },
  address: '10.0.0.1',
  client: 'c',
  protocol: 'p',
});

const decide = async (amount = 1): Promise<Verdict> => decider.decide('b1', about(amount));
const kindOf = async (verdict: Promise<Verdict>): Promise<string> => (await verdict).kind;

describe('usage', () => {
  it('is counted when it is first asked for, and from then on before', async () => {
    expect(await kindOf(decide(5))).toBe('allow');
    expect(await kindOf(decide(7))).toBe('allow');
    expect(asked.map((context) => context['usage'])).toEqual([
      undefined,
      { hour: 1, refunded: 5 },
      { hour: 2, refunded: 12 },
    ]);
  });

  it('allows as many as the policy does, however many ask at once', async () => {
    const verdicts = await Promise.all(Array.from({ length: 64 }, () => decide()));
    expect(verdicts.filter(({ kind }) => kind === 'allow')).toHaveLength(most);
  });

  it('is given back by a call that is denied', async () => {
    expect(await kindOf(decide(101))).toBe('deny');
    expect(await kindOf(decide(100))).toBe('allow');
    expect(await kindOf(decide(1))).toBe('deny');
  });

  it.each<[string, (usage: JsonObject | undefined) => JsonValue | undefined]>([
    ['fails', (usage) => (usage === undefined ? undefined : 'nonsense')],
    ['needs more', (usage) => (usage === undefined ? undefined : write('needs', 'facts_needed', ['usage']))],
    ['is held', (usage) => (usage === undefined ? undefined : write('hold', 'held'))],
    ['is of another bundle', (usage) => (usage === undefined ? undefined : write('deny', 'bundle_changed'))],
  ])('is given back by a call whose verdict %s', async (_, sabotaged) => {
    sabotage = sabotaged;
    for (let at = 0; at < 2 * most; at += 1) await decide(50).catch((fault: unknown) => fault);
    sabotage = undefined;
    expect(await kindOf(decide(100))).toBe('allow');
  });

  it('denies where it is not counted, and asks nobody further', async () => {
    isCounted = false;
    expect(await decide()).toMatchObject({ kind: 'deny', code: 'facts_required' });
    expect(asked).toHaveLength(1);
  });

  it('denies amounts that cannot be added up', async () => {
    expect(await decide(-1)).toMatchObject({ kind: 'deny', code: 'facts_required' });
    expect(await kindOf(decide(100))).toBe('allow');
  });

  it('is of one bundle', async () => {
    const other = new Decider({
      endpoint: {
        ask: (_, body) => Promise.resolve(answer((parseStrictJson(body) as { context: JsonObject }).context)),
      },
      cache: new VerdictCache(10, () => 0),
      isFresh: () => true,
      now: () => 0,
      onDecided: () => undefined,
      usage: { reserve: () => Promise.reject(new BundleChanged()) },
    });
    await expect(other.decide('b1', about(1))).rejects.toThrow(BundleChanged);
  });
});
