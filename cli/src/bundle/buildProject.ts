// A project, built and tested: what `bundle build`, `publish` and `diff` begin with.
import { buildBundle, viewBuilt, type BuiltBundle, type EngineFile } from '@cardea/bundles';
import type { OpenedBundle } from '@cardea/bundles/open';
import { Failure } from '../frame/failure.ts';
import type { TestRun } from '../policyTests/testRun.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import { describeProblems, readProject, type BundleProject } from './bundleProject.ts';
import { readBundleTests, runBundleTests, type BundleTests } from './bundleTests.ts';

export interface BuiltProject {
  readonly project: BundleProject;
  readonly bundle: BuiltBundle;
  /** As a service would open it. */
  readonly opened: OpenedBundle;
  readonly warnings: readonly Diagnostic[];
  readonly tests: BundleTests;
}

export type BuildOutcome =
  | { readonly kind: 'built'; readonly built: BuiltProject }
  | { readonly kind: 'problems'; readonly problems: readonly Diagnostic[] };

/** Throws Failure for a folder that cannot be read. The tests are read, and not run. */
export async function buildProject(directory: string, engine: EngineFile): Promise<BuildOutcome> {
  const read = await readProject(directory, engine);
  if (read.kind === 'problems') return read;
  const { project } = read;
  const { sources, guardrails } = project;
  const result = await buildBundle(sources, { engine, guardrails });
  if (result.kind === 'refused') {
    return { kind: 'problems', problems: describeProblems(result.problems, directory, sources) };
  }
  const tests = readBundleTests(engine.module, sources.tests, directory);
  return {
    kind: 'built',
    built: {
      project,
      bundle: result.bundle,
      opened: viewBuilt(result.bundle),
      warnings: describeProblems(result.warnings, directory, sources),
      tests,
    },
  };
}

export async function testProject({ opened, tests, project }: BuiltProject): Promise<TestRun> {
  return runBundleTests(opened, tests, project.directory);
}

/** Both in one. Throws Failure for a folder that cannot be read, and for one without tests. */
export async function buildAndTest(directory: string, engine: EngineFile): Promise<TestRun> {
  const outcome = await buildProject(directory, engine);
  if (outcome.kind === 'problems') return { kind: 'refused', problems: outcome.problems };
  const { built } = outcome;
  if (built.project.sources.tests.size === 0) {
    throw new Failure(`${directory} holds no tests`, 'put them into tests/*.json');
  }
  const run = await testProject(built);
  return run.kind === 'refused' ? run : { ...run, warnings: built.warnings };
}
