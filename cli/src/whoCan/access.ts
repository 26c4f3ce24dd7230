// What the members of one group may do with one tool, from what each policy will say of such calls.
import type { PolicyForecast } from '@cardea/engine';

/** When a policy has its way, as Cedar text over `context`. */
export interface Condition {
  readonly verdict: 'allow' | 'deny' | 'hold';
  readonly policy: string;
  readonly condition: string;
  /** Of a hold: the group that can approve. */
  readonly approver?: string;
}

export interface Access {
  /** `conditional`: what the call holds decides. A held call is held whatever it holds, but for the conditions. */
  readonly answer: 'allowed' | 'conditional' | 'held' | 'denied';
  /** Groups of which one member each has to approve, sorted. Of `held` only. */
  readonly approvers: readonly string[];
  /** Permits before forbids, each by id. None where the answer is `denied`. */
  readonly conditions: readonly Condition[];
  /** What the answer rests on besides the conditions: ids, sorted. */
  readonly policies: readonly string[];
  /** Ids of guardrails that may still deny the call. */
  readonly guardrails: readonly string[];
}

/** `guardrails` are ids. Their conditions are those of every call, so they are not repeated for each. */
export function judgeAccess(forecasts: readonly PolicyForecast[], guardrails: ReadonlySet<string>): Access {
  const having = (effect: 'permit' | 'forbid', outcome: PolicyForecast['outcome']): PolicyForecast[] =>
    forecasts.filter((policy) => policy.effect === effect && policy.outcome === outcome);
  const forbids = having('forbid', 'satisfied');
  // A forbid that fails denies, whether it would hold or not: as the decision service has it.
  const final = [...having('forbid', 'errored'), ...forbids.filter(({ hold }) => hold === undefined)];
  const permits = having('permit', 'satisfied');
  // Where a permit always applies, nobody asks whether another one does.
  const maybe = permits.length > 0 ? [] : having('permit', 'conditional');
  if (final.length > 0 || permits.length + maybe.length === 0) return deny(final);
  const open = having('forbid', 'conditional');
  const conditions = [...maybe, ...open.filter(({ policy }) => !guardrails.has(policy))].map(describe);
  const approvers = [...new Set(forbids.flatMap(({ hold }) => hold ?? []))].sort();
  return {
    answer: approvers.length > 0 ? 'held' : conditions.length > 0 ? 'conditional' : 'allowed',
    approvers,
    conditions,
    policies: [...permits, ...forbids].map(({ policy }) => policy).sort(),
    guardrails: open.flatMap(({ policy }) => (guardrails.has(policy) ? [policy] : [])),
  };
}

function deny(final: readonly PolicyForecast[]): Access {
  const policies = final.map(({ policy }) => policy).sort();
  return { answer: 'denied', approvers: [], conditions: [], policies, guardrails: [] };
}

function describe({ policy, effect, hold, condition = '' }: PolicyForecast): Condition {
  if (effect === 'permit') return { verdict: 'allow', policy, condition };
  if (hold === undefined) return { verdict: 'deny', policy, condition };
  return { verdict: 'hold', policy, condition, approver: hold };
}
