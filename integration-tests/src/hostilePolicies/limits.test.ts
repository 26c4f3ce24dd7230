// Whatever the compiler accepts, the engine can decide: for every operator the most that is accepted, and mixtures of
// all, are decided, discovered and explained without a fault, and one step more is refused.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadInstalledEngine, type EngineFile } from '@cardea/bundles';
import { Engine, type CompileResult } from '@cardea/engine';
import { makeRandom } from '../hostile/random.ts';
import { mixExpression } from './families.ts';
import { allFamilies, compileNested, contexts, findMost, full, timesMax, tuple } from './nestedPolicies.ts';

const mixtures = 100;

let file: EngineFile;

beforeAll(async () => {
  file = await loadInstalledEngine();
});

function compile(conditions: string): CompileResult {
  return compileNested(file.module, 'permit', conditions);
}

/** Every way into the engine; what is wrong with any of them, as sentences. */
function findFaults(conditions: string): string[] {
  const result = compile(conditions);
  if (result.kind === 'problem') return [`refused: ${result.problem.message}`];
  const engine = new Engine({ module: file.module, policies: [result.policy], entities: [], families: [] });
  const outcomes = contexts.map((context) => {
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

describe('policies at the limit', () => {
  it.each(allFamilies.map(({ name, nest }) => [name, nest] as const))(
    '%s: the most that is accepted is decided, and more is refused',
    (_, nest) => {
      const most = findMost((times) => compile(nest(times)).kind === 'compiled');
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
