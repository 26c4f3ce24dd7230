// Two bundles: what differs in what they are made of, and in what they decide.
import { diffBundles, type BundleDiff } from '@cardea/bundles';
import { compareAccess, type AccessChange, type AccessOptions } from './compareAccess.ts';
import { compareTests, type TestComparison } from './compareTests.ts';
import type { Side } from './openSide.ts';

export interface Comparison {
  /** Digests. */
  readonly before: string;
  readonly after: string;
  readonly sources: BundleDiff;
  readonly settingsChanged: boolean;
  /** Whether groups and tools could be compared: in profile `plain` there are none. */
  readonly accessCompared: boolean;
  /** Of every group and tool. */
  readonly access: readonly AccessChange[];
  /** Of the tests of both sides. */
  readonly tests: TestComparison;
}

/** Throws Failure for tools that neither has, and BundleRefusal for a bundle that no service could serve. */
export async function compareBundles(before: Side, after: Side, options: AccessOptions): Promise<Comparison> {
  const [old, fresh] = [before.opened, after.opened];
  const accessCompared = old.manifest.profile === 'mcp' && fresh.manifest.profile === 'mcp';
  return {
    before: old.digest,
    after: fresh.digest,
    sources: diffBundles(old, fresh),
    settingsChanged: JSON.stringify(old.settings) !== JSON.stringify(fresh.settings),
    accessCompared,
    access: accessCompared ? await compareAccess(old, fresh, options) : [],
    tests: await compareTests(old, fresh, [...before.tests.tests, ...after.tests.tests]),
  };
}

export function changesVerdicts({ access, tests }: Comparison): boolean {
  return access.length + tests.changes.length > 0;
}

/** For programs. */
export function comparisonToJson(comparison: Comparison): Record<string, unknown> {
  const { before, after, sources, settingsChanged, access, tests } = comparison;
  const { policies, tools, servers, engineChanged } = sources;
  return {
    before,
    after,
    policies,
    tools,
    servers,
    settingsChanged,
    engineChanged,
    verdictsChange: changesVerdicts(comparison),
    access: access.map(({ group = null, ...change }) => ({ group, ...change })),
    tests: {
      asked: tests.asked,
      changes: tests.changes.map(({ test, ...verdicts }) => ({
        file: test.path,
        index: test.index,
        ...(test.name === undefined ? {} : { name: test.name }),
        ...verdicts,
      })),
    },
  };
}
