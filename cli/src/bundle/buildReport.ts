// What building and testing a project found, for people and for programs, and the exit code that follows.
import type { ExitCode } from '../frame/verb.ts';
import type { Terminal } from '../frame/terminal.ts';
import { printTestRun } from '../policyTests/testReport.ts';
import { countResults, isSuccessful, type TestRun } from '../policyTests/testRun.ts';
import { testRunToJson } from '../policyTests/testRunJson.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import { printJson } from '../report/printable.ts';
import { printProblems, problemsToJson } from '../report/problemList.ts';

export interface ReportTarget {
  readonly terminal: Terminal;
  readonly json: boolean;
}

/** Of sources that make no bundle. Exit code 3 where every file could be read, and policies break a rule. */
export function reportProblems(problems: readonly Diagnostic[], { terminal, json }: ReportTarget): ExitCode {
  const files = new Set(problems.map(({ place }) => place.file.path)).size;
  if (json) terminal.out(printJson({ problems: problemsToJson(problems) }));
  else printProblems(terminal, problems, { policies: 0, files });
  const errors = problems.filter(({ severity }) => severity === 'error');
  return errors.every(({ code }) => policyRules.test(code)) ? 3 : 1;
}

/** Codes of what Cedar parses and a bundle does not take. */
const policyRules = /^(?:annotation_|guardrail_|hold_|id_|name_|policy_(?!syntax))/;

/** Of tests that failed. */
export function reportFailedTests(run: TestRun, { terminal, json }: ReportTarget): ExitCode {
  if (json) terminal.out(printJson({ problems: [], tests: testRunToJson(run) }));
  else printTestRun(terminal, run);
  return 1;
}

/** Every test passed, and there may be none. */
export function hasPassed(run: TestRun): boolean {
  return isSuccessful(run, 0);
}

/** `9 tests passed; 15 of 18 policies (83 %) were satisfied by one`, for a run that passed. */
export function summariseTests(run: TestRun): string {
  if (run.kind === 'refused' || run.outcomes.length === 0)
    return 'there are no tests: put them into tests/*.json\n';
  const { satisfied, unsatisfied, percent } = run.coverage;
  const { passed } = countResults(run.outcomes);
  const tests = `${passed} ${passed === 1 ? 'test' : 'tests'} passed`;
  const policies = `${satisfied.length} of ${satisfied.length + unsatisfied.length} policies (${percent} %)`;
  return `${tests}; ${policies} were satisfied by one\n`;
}
