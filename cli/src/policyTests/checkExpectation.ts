// Cedar's answer against what a test expects of it, by the rules of `cedar run-tests`: first the decision; where that
// is right, the reasons as a subset and the number of errors exactly.
import { suggest } from '../frame/nearest.ts';
import { showPlace, type Diagnostic, type Place } from '../report/diagnostic.ts';
import type { Judgement } from './fullSet.ts';
import type { PolicyTest } from './policyTest.ts';

export function checkExpectation(
  test: PolicyTest,
  judgement: Judgement,
  places: ReadonlyMap<string, Place>,
): Diagnostic[] {
  const { decision, reason, errorCount } = test.expected;
  const fail = (code: string, member: string, message: string, help?: string): Diagnostic => ({
    severity: 'error',
    code,
    message,
    notes: describeJudgement(judgement, places),
    ...(help === undefined ? {} : { help }),
    place: test.placeOf(member),
  });
  if (judgement.decision !== decision) {
    return [fail('test_decision', '/decision', `expected ${decision}, got ${judgement.decision}`)];
  }
  const missing = reason.filter((id) => !judgement.determining.includes(id));
  const failures = missing.map((id) => {
    const message = `expected ${JSON.stringify(id)} among the policies that decided`;
    const help = places.has(id) ? undefined : (suggest(id, places.keys()) ?? 'no policy has this id');
    return fail('test_reason', '/reason', message, help);
  });
  const { length } = judgement.errors;
  if (length !== errorCount) {
    const message = `expected ${errorCount} ${errorCount === 1 ? 'error' : 'errors'}, got ${length}`;
    failures.push(fail('test_errors', '/num_errors', message));
  }
  return failures;
}

/** Who decided and what failed, one line each. */
function describeJudgement(
  { decision, determining, errors }: Judgement,
  places: ReadonlyMap<string, Place>,
): string[] {
  const showPolicy = (id: string): string => {
    const place = places.get(id);
    return place === undefined ? JSON.stringify(id) : `${JSON.stringify(id)} (${showPlace(place)})`;
  };
  const verb = decision === 'allow' ? 'permitted' : 'forbidden';
  const decided = determining.map((id) => `${verb} by ${showPolicy(id)}`);
  if (determining.length === 0) decided.push('no policy permits the request');
  const failed = errors.map(({ policyId, error }) => `${showPolicy(policyId)} failed: ${error.message}`);
  return [...decided, ...failed];
}
