// A project, built, tested and published.
import { publish, type DirectoryArchive, type EngineFile } from '@cardea/bundles';
import type { Head, OpenedBundle } from '@cardea/bundles/open';
import type { Signer, Verifier } from '@cardea/schemas/note';
import type { TestRun } from '../policyTests/testRun.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import { hasPassed } from './buildReport.ts';
import { describeProblems, readProject } from './bundleProject.ts';
import { readBundleTests, runBundleTests } from './bundleTests.ts';

export interface PublishTarget {
  readonly archive: DirectoryArchive;
  readonly signer: Signer;
  /** Whoever else publishes there. */
  readonly others: readonly Verifier[];
  readonly engine: EngineFile;
}

export type PublishOutcome =
  | {
      readonly kind: 'published';
      readonly head: Head;
      /** False where the head named this bundle before. */
      readonly moved: boolean;
      readonly opened: OpenedBundle;
      readonly warnings: readonly Diagnostic[];
      readonly run: TestRun;
    }
  | { readonly kind: 'problems'; readonly problems: readonly Diagnostic[] }
  | { readonly kind: 'failed tests'; readonly run: TestRun };

/** Throws Failure for a folder that cannot be read, and as `publish` of bundles does. */
export async function publishProject(directory: string, target: PublishTarget): Promise<PublishOutcome> {
  const { archive, signer, others, engine } = target;
  const read = await readProject(directory, engine);
  if (read.kind === 'problems') return read;
  const { sources, guardrails } = read.project;
  let tested: { readonly run: TestRun; readonly opened: OpenedBundle } | undefined;
  const result = await publish(sources, {
    archive,
    signer,
    publishers: [signer.verifier, ...others],
    engine,
    guardrails,
    runTests: async (opened, files) => {
      const run = await runBundleTests(opened, readBundleTests(engine.module, files, directory), directory);
      tested = { run, opened };
      return hasPassed(run) ? [] : [testsFailed];
    },
  });
  if (result.kind === 'published' && tested !== undefined) {
    const { head, moved } = result;
    return {
      kind: 'published',
      head,
      moved,
      ...tested,
      warnings: describeProblems(result.warnings, directory, sources),
    };
  }
  // What the tests found is told in their own report.
  if (tested !== undefined) return { kind: 'failed tests', run: tested.run };
  const problems = result.kind === 'refused' ? result.problems : [];
  return { kind: 'problems', problems: describeProblems(problems, directory, sources) };
}

const testsFailed = {
  severity: 'error',
  code: 'test_failed',
  message: 'a test failed',
  file: 'tests',
  start: 0,
  end: 1,
} as const;
