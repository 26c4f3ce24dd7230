// Runs one test: Cedar's answer over the full set against the test, then our decision service against Cedar, then our
// decision service against the test's optional keys.
import type { Verdict } from '@cardea/engine';
import type { Diagnostic, Place } from '../report/diagnostic.ts';
import { checkExpectation } from './checkExpectation.ts';
import { checkService } from './checkService.ts';
import { compareWithCedar } from './compareWithCedar.ts';
import type { FullSet, Judgement, Project, Refused } from './fullSet.ts';
import type { BrokenTest, PolicyTest, TestIdentity } from './policyTest.ts';
import type { ServiceVerdicts } from './serviceVerdicts.ts';

export interface TestOutcome {
  readonly identity: TestIdentity;
  /** `error`: it could not run, or our decision service contradicts Cedar. */
  readonly result: 'passed' | 'failed' | 'error';
  readonly problems: readonly Diagnostic[];
  readonly judgement?: Judgement;
  /** Of the decision service, under the approvals and facts of the test. */
  readonly verdict?: Verdict;
  /** Ids of all satisfied policies, whether they decided or not. */
  readonly satisfied: readonly string[];
  /** Why the decision service's verdict could not be compared with Cedar's decision. */
  readonly notCompared?: string;
}

export interface Runner {
  readonly project: Project;
  readonly places: ReadonlyMap<string, Place>;
  readonly fullSet: FullSet;
  /** Absent when the service does not take the project. */
  readonly service?: ServiceVerdicts;
  /** Why `service` is absent: told once, not for every test. */
  readonly serviceRefusal?: string;
}

export function runTest(runner: Runner, test: PolicyTest | BrokenTest): TestOutcome {
  if (test.kind === 'broken') return failToRun(test, test.problems);
  const { fullSet, service } = runner;
  const judgement = fullSet.judge(test);
  if (judgement.kind === 'refused') {
    return failToRun(test, [...test.warnings, ...describeRefusal(test, judgement)]);
  }
  const comparison = service === undefined ? {} : compareWithCedar(service, fullSet, test, judgement);
  const failures = [...checkExpectation(test, judgement, runner.places), ...checkService(test, runner)];
  const verdict = service?.decide(test);
  return {
    identity: test,
    result: comparison.mismatch !== undefined ? 'error' : failures.length > 0 ? 'failed' : 'passed',
    problems: [
      ...test.warnings,
      ...failures,
      ...(comparison.mismatch === undefined ? [] : [comparison.mismatch]),
    ],
    judgement,
    ...(verdict === undefined || verdict.kind === 'incomparable' ? {} : { verdict }),
    satisfied: findSatisfied(fullSet, test, judgement),
    ...(comparison.notCompared === undefined ? {} : { notCompared: comparison.notCompared }),
  };
}

/** A linked policy stands where its template stands. */
export function locatePolicies({ policies, links }: Project): Map<string, Place> {
  const places = new Map(policies.map(({ id, place }) => [id, place]));
  for (const { id, template } of links) places.set(id, template.place);
  return places;
}

function failToRun(identity: TestIdentity, problems: readonly Diagnostic[]): TestOutcome {
  return { identity, result: 'error', problems, satisfied: [] };
}

/** Cedar says what it refused only in words. */
const refusedMembers: readonly (readonly [RegExp, string])[] = [
  [/^while parsing context\b|\bcontext\b.* is not valid\b/, '/request/context'],
  [/\bentity deserialization\b|^entity does not conform\b|^duplicate entity\b|\bentities\b/, '/entities'],
  [/^principal\b/, '/request/principal'],
  [/^action\b/, '/request/action'],
  [/^resource\b/, '/request/resource'],
];

function describeRefusal(test: PolicyTest, { errors }: Refused): Diagnostic[] {
  return errors.map(({ message, help }) => ({
    severity: 'error',
    code: 'test_refused',
    message,
    ...(help === null ? {} : { help }),
    place: test.placeOf(refusedMembers.find(([pattern]) => pattern.test(message))?.[1] ?? '/request'),
  }));
}

/** Behind a forbid that decides, Cedar does not say which permits were satisfied: they are asked for alone. */
function findSatisfied(
  fullSet: FullSet,
  test: PolicyTest,
  { decision, determining }: Judgement,
): readonly string[] {
  if (decision === 'allow' || determining.length === 0) return determining;
  const permits = fullSet.judgePermits(test);
  return permits.kind === 'judged' ? [...determining, ...permits.determining] : determining;
}
