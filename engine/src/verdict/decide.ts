// The verdict on one request. Pure: everything it needs is in the request and in the engine's own policies.
import type { Slice } from '../policy/slice.ts';
import type { Evaluation } from './evaluate.ts';
import type { Reason, Verdict } from './verdict.ts';

/**
 * The rule that turns evaluations into a verdict. `judge` is the first pass over all candidates; `judgePermits` answers
 * whether the permits alone would allow, and runs only when every satisfied forbid is a hold.
 */
export function rule(
  slice: Slice,
  approved: ReadonlySet<string>,
  first: Evaluation,
  judgePermits: () => Evaluation,
): Verdict {
  const { dependsOn } = slice;
  // A forbid that failed may have been meant to forbid; Cedar alone would skip it. Judged on this first pass, since a
  // hold that errs while another is approved would otherwise turn into an allow.
  const failed = first.errored.filter((id) => slice.byId.get(id)?.effect === 'forbid');
  if (failed.length > 0)
    return { kind: 'deny', code: 'policy_error', reasons: explain(slice, failed), dependsOn };
  if (first.allowed) return { kind: 'allow', reasons: explain(slice, first.determining), dependsOn };
  const forbids = first.determining;
  if (forbids.length === 0) return { kind: 'deny', code: 'default_deny', reasons: [], dependsOn };
  const final = forbids.filter((id) => slice.byId.get(id)?.hold === undefined);
  if (final.length > 0) return { kind: 'deny', code: 'forbidden', reasons: explain(slice, final), dependsOn };
  const permits = judgePermits();
  if (!permits.allowed) return { kind: 'deny', code: 'default_deny', reasons: [], dependsOn };
  const holding = forbids.filter((id) => !approved.has(id));
  if (holding.length === 0) return { kind: 'allow', reasons: explain(slice, permits.determining), dependsOn };
  return {
    kind: 'hold',
    approvers: findApprovers(slice, holding),
    reasons: explain(slice, holding),
    dependsOn,
  };
}

function explain(slice: Slice, ids: readonly string[]): Reason[] {
  return ids.map((policy) => {
    const { effect, message } = slice.byId.get(policy) ?? { effect: 'forbid' };
    return { policy, effect, ...(message === undefined ? {} : { message }) };
  });
}

function findApprovers(slice: Slice, holds: readonly string[]): string[] {
  return [...new Set(holds.flatMap((id) => slice.byId.get(id)?.hold ?? []))].sort();
}
