// Whatever is remembered, forgotten, switched, revoked or set back: each verdict of the proxy is the one that a fresh
// decision gives, by the bundle that is current, and none from memory is older than it may be.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseStrictJson, type JsonObject } from '@cardea/schemas/json';
import { sampleIdentity } from '../../../../pep/test/sampleIdentity.ts';
import { Decider } from '../../../../pep/src/decide/decider.ts';
import { writeQuestion } from '../../../../pep/src/decide/question.ts';
import type { Verdict } from '../../../../pep/src/decide/verdict.ts';
import { VerdictCache } from '../../../../pep/src/decide/verdictCache.ts';
import { CallFacts, type Circumstances } from '../../../../pep/src/facts/callFacts.ts';
import { mcpSources, pinGuardrail } from '../../../../pdp/test/mcpSources.ts';
import { TestArchive } from '../../../../pdp/test/testArchive.ts';
import { FreshService } from './freshService.ts';
import { catalog, inputs, policySets } from './randomPolicies.ts';

const guardrail = 'policies/guardrails/approved.cedar';
const bundlesMax = 12;
const runs = 150;

const startMs = Date.parse('2026-11-25T12:00:00Z');
const hourMs = 3_600_000;

const service = new FreshService();
let archive: TestArchive;

beforeAll(async () => {
  archive = await TestArchive.create('mcp', await pinGuardrail());
  for (const policies of fc.sample(policySets, { numRuns: bundlesMax, seed: 7 })) {
    const digest = await archive.publish({
      'cardea.json': JSON.stringify({
        organisation: 'acme',
        profile: 'mcp',
        settings: { counters: [{ name: 'hour', key: 'person', windowSeconds: 3600 }] },
      }),
      'catalog/desk.json': catalog,
      [guardrail]: mcpSources[guardrail] as string,
      'policies/random.cedar': policies,
    });
    await service.add(archive, digest);
  }
}, 120_000);

afterAll(() => archive.remove());

const tagged = { id: 'ann', groups: ['g1'], tags: { site: 'vie' } };
const identities = [
  sampleIdentity('ann', { person: tagged, effects: ['read', 'write'] }),
  sampleIdentity('ann', { person: { id: 'ann', groups: [] }, effects: ['write'] }),
  sampleIdentity('bob', { person: { id: 'bob', groups: ['g1'] } }),
  sampleIdentity('bob', { agent: { id: 'other', groups: ['g1'] } }),
];

type Step =
  | {
      readonly kind: 'call';
      readonly who: number;
      readonly tool: string;
      readonly input: string;
      readonly sessionAgeMs: number;
      readonly client: string;
    }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'jump'; readonly ms: number }
  | { readonly kind: 'switch'; readonly to: number }
  | { readonly kind: 'lag'; readonly isFresh: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('call' as const),
      who: fc.nat(identities.length - 1),
      tool: fc.constantFrom('refund', 'note'),
      input: inputs,
      sessionAgeMs: fc.constantFrom(0, hourMs - 1, hourMs, 2_000_000),
      client: fc.constantFrom('c1', 'c2'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.constantFrom(1, 9_000, 30_000, 61_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('jump' as const),
      ms: fc.constantFrom(-hourMs, -10, hourMs, 24 * hourMs),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('switch' as const), to: fc.nat(bundlesMax - 1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lag' as const), isFresh: fc.boolean() }) },
);

/** The parts of a proxy that decide, with clocks of their own. */
class World {
  steadyMs = 0;
  wallMs = startMs;
  isFresh = true;
  fromMemory = 0;
  readonly #askedMs = new Map<string, { readonly steadyMs: number; readonly bundle: string }>();
  #source = '';
  readonly #decider = new Decider({
    endpoint: service,
    cache: new VerdictCache(64, () => this.steadyMs),
    isFresh: () => this.isFresh,
    now: () => this.wallMs,
    onDecided: (source) => (this.#source = source),
  });

  switchTo(at: number): void {
    service.bundle = service.bundles[at % service.bundles.length] as string;
    this.#decider.forget();
  }

  async call(step: Extract<Step, { kind: 'call' }>): Promise<void> {
    const about = this.#describe(step);
    const verdict = await this.#decider.decide(service.bundle, about);
    if (this.#source === 'cache') this.#checkAge(verdict);
    else this.#askedMs.set(verdict.decisionId ?? '', { steadyMs: this.steadyMs, bundle: service.bundle });
    expect(essence(verdict)).toEqual(decideFresh(about));
  }

  #describe({ who, tool, input, sessionAgeMs, client }: Extract<Step, { kind: 'call' }>): Circumstances {
    return {
      identity: identities[who] as (typeof identities)[0],
      target: {
        method: 'tools/call',
        type: 'Tool',
        id: `desk/${tool}`,
        input: parseStrictJson(input) as JsonObject,
      },
      nowMs: this.wallMs,
      session: { id: 's', createdMs: this.wallMs - sessionAgeMs, usedMs: this.wallMs },
      address: '10.0.0.1',
      client,
      protocol: '',
    };
  }

  #checkAge(verdict: Verdict): void {
    this.fromMemory += 1;
    const asked = this.#askedMs.get(verdict.decisionId ?? '');
    expect(this.isFresh).toBe(true);
    expect(asked?.bundle).toBe(service.bundle);
    const ageMs = this.steadyMs - (asked?.steadyMs ?? -Infinity);
    expect(ageMs).toBeLessThan(verdict.kind === 'allow' ? 60_000 : 10_000);
    expect(verdict.kind).not.toBe('hold');
  }
}

function decideFresh(about: Circumstances): unknown {
  const facts = new CallFacts(about);
  const families = ['grant', 'session', 'request', 'approvals', 'findings'];
  const question = writeQuestion({
    bundle: service.bundle,
    identity: about.identity,
    target: about.target,
    facts,
    families,
  });
  const { verdict, code, approvers } = service.answer(question).context;
  if (verdict === 'needs') return { kind: 'deny', code: 'facts_required' };
  return verdict === 'hold' ? { kind: verdict, code, approvers } : { kind: verdict, code };
}

function essence(verdict: Verdict): unknown {
  if (verdict.kind === 'allow') return { kind: 'allow', code: 'allowed' };
  const { kind, code } = verdict;
  return verdict.kind === 'hold' ? { kind, code, approvers: verdict.approvers } : { kind, code };
}

async function take(world: World, step: Step): Promise<void> {
  switch (step.kind) {
    case 'call':
      return world.call(step);
    case 'wait':
      world.steadyMs += step.ms;
      world.wallMs += step.ms;
      service.nowMs += step.ms;
      return;
    case 'jump':
      world.wallMs += step.ms;
      return;
    case 'switch':
      world.switchTo(step.to);
      return;
    case 'lag':
      world.isFresh = step.isFresh;
  }
}

const seed = process.env['CARDEA_PROPERTY_SEED'];

describe('a remembered verdict', () => {
  it('is the one that a fresh decision gives', async () => {
    let fromMemory = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bundlesMax - 1),
        fc.array(step, { maxLength: 60, size: 'max' }),
        async (first, steps) => {
          service.nowMs = startMs;
          const world = new World();
          world.switchTo(first);
          for (const one of steps) await take(world, one);
          fromMemory += world.fromMemory;
        },
      ),
      { numRuns: runs, ...(seed === undefined ? {} : { seed: Number(seed), endOnFailure: true }) },
    );
    expect(fromMemory).toBeGreaterThan(runs);
  }, 120_000);
});
