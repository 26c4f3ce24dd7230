// The verdict on one request. Pure: everything it needs is in the request and in the engine's own policies.
import type { PolicyName } from '../policy/compilePolicy.ts';
import type { Evaluation } from './evaluate.ts';
import type { Reason, Verdict } from './verdict.ts';

/**
 * The rule that turns evaluations into a verdict. `first` is the first pass over all candidates; `judgePermits` answers
 * whether the permits alone would allow, and runs only when every satisfied forbid is a hold.
 */
export function rule(
  dependsOn: readonly string[],
  approved: ReadonlySet<string>,
  first: Evaluation,
  judgePermits: () => Evaluation,
): Verdict {
  // A forbid that failed may have been meant to forbid; Cedar alone would skip it. Judged on this first pass, since a
  // hold that errs while another is approved would otherwise turn into an allow.
  const failed = first.errored.filter(({ effect }) => effect === 'forbid');
  if (failed.length > 0)
    return { kind: 'deny', code: 'policy_error', reasons: failed.map(explain), dependsOn };
  if (first.allowed) return { kind: 'allow', reasons: first.determining.map(explain), dependsOn };
  const forbids = first.determining;
  if (forbids.length === 0) return { kind: 'deny', code: 'default_deny', reasons: [], dependsOn };
  const final = forbids.filter(({ hold }) => hold === undefined);
  if (final.length > 0) return { kind: 'deny', code: 'forbidden', reasons: final.map(explain), dependsOn };
  const permits = judgePermits();
  if (!permits.allowed) return { kind: 'deny', code: 'default_deny', reasons: [], dependsOn };
  const holding = forbids.filter(({ id }) => !approved.has(id));
  if (holding.length === 0) return { kind: 'allow', reasons: permits.determining.map(explain), dependsOn };
  return { kind: 'hold', approvers: findApprovers(holding), reasons: holding.map(explain), dependsOn };
}

function explain({ id, effect, message }: PolicyName): Reason {
  return { policy: id, effect, ...(message === undefined ? {} : { message }) };
}

function findApprovers(holds: readonly PolicyName[]): string[] {
  return [...new Set(holds.flatMap(({ hold }) => hold ?? []))].sort();
}
