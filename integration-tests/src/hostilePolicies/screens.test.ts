// Many forbids are screened together, which nests them a little deeper than they were, or stand for themselves where
// they are deep. Whatever the compiler accepts is decided as each alone would be, and no instance dies of it.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadInstalledEngine, type EngineFile } from '@cardea/bundles';
import { Engine, type CompiledPolicy } from '@cardea/engine';
import type { CedarRecord } from '@cardea/schemas/cedar';
import { makeRandom } from '../hostile/random.ts';
import { mixExpression } from './families.ts';
import { allFamilies, compileNested, contexts, findMost, tuple } from './nestedPolicies.ts';

/** One screen full, and more than three. */
const counts = [64, 200] as const;

/** Operators: what is deeper is not screened. */
const screenedDepthMax = 32;

/** Two screens. */
const mixtures = 80;

let file: EngineFile;

beforeAll(async () => {
  file = await loadInstalledEngine();
});

function compile(effect: 'permit' | 'forbid', conditions: string): CompiledPolicy | undefined {
  const result = compileNested(file.module, effect, conditions);
  return result.kind === 'compiled' ? result.policy : undefined;
}

function requirePolicy(effect: 'permit' | 'forbid', conditions: string): CompiledPolicy {
  const policy = compile(effect, conditions);
  if (policy === undefined) throw new Error('it is accepted');
  return policy;
}

/** What is decided about each context, and by how many policies; and whether the engine survived it. */
function decideAll(forbids: readonly CompiledPolicy[], decided: readonly CedarRecord[]): readonly string[] {
  const numbered = forbids.map((policy, at) => ({ ...policy, id: `f${at}` }));
  const policies = [{ ...requirePolicy('permit', ''), id: 'p' }, ...numbered];
  const engine = new Engine({ module: file.module, policies, entities: [], families: [] });
  const verdicts = decided.map((context) => {
    const verdict = engine.decide({ ...tuple, context, supplied: [], approved: [] });
    if (verdict.kind !== 'deny') return verdict.kind;
    return `${verdict.code} by ${verdict.reasons.length / forbids.length}`;
  });
  return [...verdicts, `${engine.counts.instanceReplacements} instances given up`];
}

describe('forbids at the limit, many together', () => {
  it.each(allFamilies.map(({ name, nest }) => [name, nest] as const))('%s', (_, nest) => {
    const most = findMost((times) => compile('forbid', nest(times)) !== undefined);
    const screened = findMost(
      (times) => (compile('forbid', nest(times))?.depth ?? Infinity) <= screenedDepthMax,
    );
    for (const times of new Set([most, screened])) {
      const forbid = requirePolicy('forbid', nest(times));
      const alone = decideAll([forbid], contexts);
      expect(alone.at(-1)).toBe('0 instances given up');
      expect(alone.join()).not.toContain('engine_fault');
      for (const count of counts)
        expect(decideAll(Array<typeof forbid>(count).fill(forbid), contexts)).toEqual(alone);
    }
  });

  it.each([screenedDepthMax, 97])('mixtures of all operators, up to %d deep', (depth) => {
    const random = makeRandom(11);
    const forbids = Array.from({ length: mixtures }, () =>
      requirePolicy('forbid', `when { ${mixExpression(random, depth)} }`),
    );
    const alone = forbids.map((forbid) => decideAll([forbid], contexts));
    const together = contexts.map((_, at) => joinOutcomes(alone.map((outcomes) => outcomes[at] ?? '')));
    expect(decideAll(forbids, contexts)).toEqual([...together, '0 instances given up']);
  });
});

/** One that fails decides, then one that forbids. */
function joinOutcomes(alone: readonly string[]): string {
  const decisive = ['policy_error by 1', 'forbidden by 1'].find((outcome) => alone.includes(outcome));
  if (decisive === undefined) return 'allow';
  const share = alone.filter((outcome) => outcome === decisive).length / alone.length;
  return decisive.replace(/1$/, String(share));
}
