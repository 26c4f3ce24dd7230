// What a run of tests found.
import { runTest, type Runner, type TestOutcome } from './testRunner.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import { measureCoverage, type CoverageReport } from './coverage.ts';
import type { BrokenTest, PolicyTest } from './policyTest.ts';

export type TestRun =
  /** Against policies that are wrong in themselves a result would mean nothing. */
  | { readonly kind: 'refused'; readonly problems: readonly Diagnostic[] }
  | {
      readonly kind: 'ran';
      readonly outcomes: readonly TestOutcome[];
      readonly coverage: CoverageReport;
      /** Files that hold no tests. */
      readonly problems: readonly Diagnostic[];
      /** About the policies: they fail nothing. */
      readonly warnings?: readonly Diagnostic[];
      /** Why the decision service was not compared with Cedar. */
      readonly serviceRefusal?: string;
    };

export function runAll(
  runner: Runner,
  tests: readonly (PolicyTest | BrokenTest)[],
  problems: readonly Diagnostic[],
): TestRun {
  const outcomes = tests.map((test) => runTest(runner, test));
  const coverage = measureCoverage(runner.project, new Set(outcomes.flatMap(({ satisfied }) => satisfied)));
  const { serviceRefusal } = runner;
  return {
    kind: 'ran',
    outcomes,
    coverage,
    problems,
    ...(serviceRefusal === undefined ? {} : { serviceRefusal }),
  };
}

export function isSuccessful(run: TestRun, coverageMin: number): boolean {
  if (run.kind === 'refused' || run.problems.length > 0) return false;
  return run.outcomes.every(({ result }) => result === 'passed') && run.coverage.percent >= coverageMin;
}

/** Everything that was found besides the outcomes. */
export function listProblems(run: TestRun): readonly Diagnostic[] {
  return run.kind === 'refused' ? run.problems : [...run.problems, ...(run.warnings ?? [])];
}

export function countResults(outcomes: readonly TestOutcome[]): {
  readonly passed: number;
  readonly failed: number;
  readonly errors: number;
} {
  const count = (wanted: TestOutcome['result']): number =>
    outcomes.filter(({ result }) => result === wanted).length;
  return { passed: count('passed'), failed: count('failed'), errors: count('error') };
}
