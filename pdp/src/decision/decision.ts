// From a verdict to the answer that names it.
import type { Verdict } from '@cardea/engine';
import { codes, type Code } from '@cardea/schemas/codes';
import { cutMessage } from '@cardea/schemas/json';
import type { WireDecision } from '@cardea/schemas/wire';
import { findExpiry } from './expiry.ts';

/** What an answer holds beside the verdict. */
export interface AnswerParts {
  readonly bundle: string;
  readonly decisionId: string;
  readonly nowMs: number;
  /** Not where the answer is for this very call alone, or the bundle is no longer current. */
  readonly isKeepable: boolean;
}

export function writeDecision(
  verdict: Verdict,
  { bundle, decisionId, nowMs, isKeepable }: AnswerParts,
): WireDecision {
  const reasons = verdict.kind === 'needs' ? [] : (verdict.reasons as WireDecision['context']['reasons']);
  const code = codeOf(verdict);
  const expiresMs = isKeepable ? findExpiry(verdict, nowMs) : undefined;
  return {
    decision: verdict.kind === 'allow',
    context: {
      verdict: verdict.kind,
      code,
      message: findMessage(verdict, code),
      reasons,
      bundle,
      dependsOn: verdict.dependsOn as string[],
      ...(verdict.kind === 'needs' ? { needs: [...verdict.families] } : {}),
      ...(verdict.kind === 'hold' ? { approvers: [...verdict.approvers] } : {}),
      ...(expiresMs === undefined ? {} : { expires: new Date(expiresMs).toISOString() }),
      decisionId,
    },
  };
}

/** A denial without a verdict of the engine. `message` stands in for the table's. */
export function writeDenial(
  code: Code,
  { bundle, decisionId }: Pick<AnswerParts, 'bundle' | 'decisionId'>,
  message?: string,
): WireDecision {
  const context = {
    code,
    message: cutMessage(message ?? codes[code].meaning),
    reasons: [],
    bundle,
    dependsOn: [],
    decisionId,
  };
  return { decision: false, context: { verdict: 'deny', ...context } };
}

function codeOf(verdict: Verdict): Code {
  switch (verdict.kind) {
    case 'allow':
      return 'allowed';
    case 'deny':
      return verdict.code;
    case 'hold':
      return 'held';
    case 'needs':
      return 'facts_needed';
  }
}

/** What the policies' author wrote comes before what the table says; a value that nobody can read is always named. */
function findMessage(verdict: Verdict, code: Code): string {
  if (verdict.kind === 'deny' && verdict.detail !== undefined)
    return cutMessage(`${codes[code].meaning} ${verdict.detail}`);
  const stated =
    verdict.kind === 'deny' || verdict.kind === 'hold'
      ? verdict.reasons.find(({ message }) => message)
      : undefined;
  return stated?.message ?? codes[code].meaning;
}
