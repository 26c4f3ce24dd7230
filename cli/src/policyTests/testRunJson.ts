// A run of tests for programs: one JSON object.
import { toJson } from '../report/diagnostic.ts';
import { problemsToJson } from '../report/problemList.ts';
import type { TestOutcome } from './testRunner.ts';
import { countResults, listProblems, type TestRun } from './testRun.ts';

export function testRunToJson(run: TestRun): Record<string, unknown> {
  const problems = problemsToJson(listProblems(run));
  if (run.kind === 'refused') return { ...countResults([]), tests: [], problems };
  const { outcomes, coverage, serviceRefusal } = run;
  const { satisfied, unsatisfied, percent } = coverage;
  return {
    ...countResults(outcomes),
    tests: outcomes.map(outcomeToJson),
    coverage: { percent, satisfied, unsatisfied: unsatisfied.map(({ id }) => id) },
    problems,
    ...(serviceRefusal === undefined ? {} : { notCompared: serviceRefusal }),
  };
}

function outcomeToJson(outcome: TestOutcome): Record<string, unknown> {
  const { identity, result, judgement, verdict, problems, notCompared } = outcome;
  const answer = judgement && {
    decision: judgement.decision,
    reason: judgement.determining,
    errors: judgement.errors.map(({ policyId, error }) => ({ policy: policyId, message: error.message })),
  };
  return {
    file: identity.path,
    index: identity.index,
    ...(identity.name === undefined ? {} : { name: identity.name }),
    result,
    ...answer,
    ...(verdict === undefined ? {} : { service: verdict }),
    problems: problems.map(toJson),
    ...(notCompared === undefined ? {} : { notCompared }),
  };
}
