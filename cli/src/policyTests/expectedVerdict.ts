// What our decision service has to answer, derived from Cedar's answer over the full set: an oracle that knows neither
// index nor slice nor pruning.
import type { Verdict } from '@cardea/engine';
import type { Judgement } from './fullSet.ts';

/** What the rule reads of a policy. */
export interface RuledPolicy {
  readonly effect: 'permit' | 'forbid';
  readonly hold?: string;
}

/** One line that two verdicts share exactly when they are the same: kind, code, policies. */
export function summariseVerdict(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'deny':
      return summarise(
        `deny ${verdict.code}`,
        verdict.reasons.map(({ policy }) => policy),
      );
    case 'allow':
    case 'hold':
      return summarise(
        verdict.kind,
        verdict.reasons.map(({ policy }) => policy),
      );
    case 'needs':
      return summarise('needs', verdict.families);
  }
}

/** The same line for the verdict that follows from `all`, with nothing approved and every fact at hand. */
export function summariseExpected(
  all: Judgement,
  judgePermits: () => Judgement,
  policies: ReadonlyMap<string, RuledPolicy>,
): string {
  const failed = all.errors
    .map(({ policyId }) => policyId)
    .filter((id) => policies.get(id)?.effect === 'forbid');
  if (failed.length > 0) return summarise('deny policy_error', failed);
  if (all.decision === 'allow') return summarise('allow', all.determining);
  if (all.determining.length === 0) return summarise('deny default_deny', []);
  const final = all.determining.filter((id) => policies.get(id)?.hold === undefined);
  if (final.length > 0) return summarise('deny forbidden', final);
  return judgePermits().decision === 'allow'
    ? summarise('hold', all.determining)
    : summarise('deny default_deny', []);
}

function summarise(kind: string, names: readonly string[]): string {
  return [kind, ...[...names].sort().map((name) => JSON.stringify(name))].join(' ');
}
