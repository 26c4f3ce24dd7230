// Two bundles: what differs in what they are made of, and in what they decide.
import { diffBundles, type BundleDiff } from '@cardea/bundles';
import {
  compareAccess,
  type AccessChange,
  type AccessComparison,
  type AccessOptions,
} from './compareAccess.ts';
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
  /** Ids of policies that differ and that no group and tool can show: whose verdicts they change is not known. */
  readonly notShown: readonly string[];
  /** Of the tests of both sides. */
  readonly tests: TestComparison;
}

/** Throws Failure for tools that neither has, and BundleRefusal for a bundle that no service could serve. */
export async function compareBundles(before: Side, after: Side, options: AccessOptions): Promise<Comparison> {
  const [old, fresh] = [before.opened, after.opened];
  const sources = diffBundles(old, fresh);
  const accessCompared = old.manifest.profile === 'mcp' && fresh.manifest.profile === 'mcp';
  const { changes, personal } = accessCompared ? await compareAccess(old, fresh, options) : nothingCompared;
  return {
    before: old.digest,
    after: fresh.digest,
    sources,
    settingsChanged: JSON.stringify(old.settings) !== JSON.stringify(fresh.settings),
    accessCompared,
    access: changes,
    notShown: listDifferent(sources).filter((id) => personal.has(id)),
    tests: await compareTests(old, fresh, [...before.tests.tests, ...after.tests.tests]),
  };
}

const nothingCompared: AccessComparison = { changes: [], personal: new Set() };

function listDifferent({ policies: { added, removed, changed } }: BundleDiff): string[] {
  return [...added, ...removed, ...changed].sort();
}

/** Or may change them: what cannot be compared is not the same. */
export function changesVerdicts({ access, notShown, tests }: Comparison): boolean {
  return access.length + notShown.length + tests.changes.length > 0;
}

/** For programs. */
export function comparisonToJson(comparison: Comparison): Record<string, unknown> {
  const { before, after, sources, settingsChanged, access, notShown, tests } = comparison;
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
    notShown,
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
