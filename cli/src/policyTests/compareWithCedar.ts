// Our decision service against Cedar over the full set, for every test of everybody: a difference is a fault of ours,
// and loud.
import type { Diagnostic } from '../report/diagnostic.ts';
import { summariseExpected, summariseVerdict } from './expectedVerdict.ts';
import type { FullSet, Judgement } from './fullSet.ts';
import type { PolicyTest } from './policyTest.ts';
import type { ServiceVerdicts } from './serviceVerdicts.ts';

export interface Comparison {
  readonly mismatch?: Diagnostic;
  /** Why the two could not be compared. */
  readonly notCompared?: string;
}

export function compareWithCedar(
  service: ServiceVerdicts,
  fullSet: FullSet,
  test: PolicyTest,
  judgement: Judgement,
): Comparison {
  const ours = service.decidePlainly(test);
  if (ours.kind === 'incomparable') return { notCompared: ours.reason };
  const judgePermits = (): Judgement => {
    const permits = fullSet.judgePermits(test);
    if (permits.kind === 'refused') throw new Error('the permits refuse a request that the full set takes');
    return permits;
  };
  const expected = summariseExpected(judgement, judgePermits, service.policies);
  const actual = summariseVerdict(ours);
  if (expected === actual) return {};
  return {
    mismatch: {
      severity: 'error',
      code: 'engine_mismatch',
      message: `internal error: the decision service answers: ${actual}; Cedar over all policies means: ${expected}`,
      help: 'this is a fault of cardea itself: please report it with this test and its policies',
      place: test.placeOf('/request'),
    },
  };
}
