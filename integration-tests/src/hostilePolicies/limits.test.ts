// Whatever the compiler accepts, the engine can decide: for every operator the most that is accepted, and mixtures of
// all, are decided, discovered and explained without a fault, and one step more is refused.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadInstalledEngine, type EngineFile } from '@cardea/bundles';
import { compilePolicy, Engine, inDisposableHost, splitPolicies, type CompileResult } from '@cardea/engine';
import type { CedarRecord, CedarValue } from '@cardea/schemas/cedar';
import { makeRandom } from '../hostile/random.ts';
import { conditionFamilies, families, mixExpression, type Family } from './families.ts';

const principal = { type: 'Person', id: 'ann' };
const tuple = {
  principal,
  action: { type: 'Action', id: 'use' },
  resource: { type: 'Tool', id: 'tool' },
  entities: [{ uid: principal, attrs: {}, parents: [] }],
};

/** As deeply as a request can nest, so that paths find what they look for. */
const depthOfRequests = 60;

const full: CedarRecord = {
  b: true,
  n: 1,
  s: 'x',
  d: { __extn: { fn: 'decimal', arg: '1.5' } },
  t: { __extn: { fn: 'datetime', arg: '2026-01-01' } },
  a: nestRecord(depthOfRequests),
};

/** More than any family can have. */
const timesMax = 128;

const mixtures = 100;

let file: EngineFile;

beforeAll(async () => {
  file = await loadInstalledEngine();
});

function nestRecord(depth: number): CedarValue {
  return depth === 0 ? true : { a: nestRecord(depth - 1) };
}

function compile(conditions: string): CompileResult {
  const split = splitPolicies(`@id("x") permit (principal, action, resource) ${conditions};`, 'x.cedar');
  if (split.kind === 'problem') return split;
  const [source] = split.policies;
  if (source === undefined || split.policies.length > 1) throw new Error('this is not one policy');
  return inDisposableHost(file.module, (host) => compilePolicy(host, source));
}

/** Every way into the engine; what is wrong with any of them, as sentences. */
function findFaults(conditions: string): string[] {
  const result = compile(conditions);
  if (result.kind === 'problem') return [`refused: ${result.problem.message}`];
  const engine = new Engine({ module: file.module, policies: [result.policy], entities: [], families: [] });
  const outcomes = [{}, full, { b: true }, { ...full, b: false }].map((context) => {
    const verdict = engine.decide({ ...tuple, context, supplied: [], approved: [] });
    return verdict.kind === 'deny' ? verdict.code : verdict.kind;
  });
  engine.isVisible(tuple, Object.keys(full));
  const { instanceReplacements } = engine.counts;
  const request = { ...tuple, context: full, supplied: [], approved: [] };
  const explained = engine.explain(request).policies.map(({ policy }) => policy);
  const foreseen = engine.forecast(tuple, Object.keys(full)).map(({ policy }) => policy);
  return [
    ...outcomes.filter((outcome) => !['allow', 'default_deny'].includes(outcome)),
    ...(instanceReplacements > 0 ? ['an instance was given up'] : []),
    ...(explained[0] === 'x' && foreseen[0] === 'x' ? [] : ['not explained']),
  ];
}

const allFamilies: readonly Family[] = [
  ...families.map(({ name, nest }) => ({ name, nest: (times: number) => `when { ${nest(times)} }` })),
  ...conditionFamilies,
];

describe('policies at the limit', () => {
  it.each(allFamilies.map(({ name, nest }) => [name, nest] as const))(
    '%s: the most that is accepted is decided, and more is refused',
    (_, nest) => {
      const most = findMost(nest);
      expect(most).toBeGreaterThan(20);
      expect(most).toBeLessThan(timesMax);
      for (const times of [most, most - 1, Math.floor(most / 2)]) expect(findFaults(nest(times))).toEqual([]);
      for (const times of [most + 1, 400, 5_000]) {
        const result = compile(nest(times));
        expect(result.kind === 'problem' ? result.problem.code : 'accepted').toMatch(
          /^policy_too_(?:deep|large)$/,
        );
      }
    },
  );

  it('mixtures of all operators are decided', () => {
    const random = makeRandom(7);
    for (let round = 0; round < mixtures; round += 1) {
      const expression = mixExpression(random, 97);
      expect({ expression, faults: findFaults(`when { ${expression} }`) }).toEqual({
        expression,
        faults: [],
      });
    }
  });
});

/** By bisection: what is refused once stays refused when there is more of it. */
function findMost(nest: Family['nest']): number {
  let most = 1;
  let refused = timesMax;
  while (refused - most > 1) {
    const middle = Math.floor((most + refused) / 2);
    if (compile(nest(middle)).kind === 'compiled') most = middle;
    else refused = middle;
  }
  return most;
}
