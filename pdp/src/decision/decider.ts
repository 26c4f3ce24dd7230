// One evaluation, from its words to its answer. Everything that can deny without the engine stands here, in order.
import { Refusal } from '@cardea/schemas/codes';
import type { WireDecision, WireEvaluation } from '@cardea/schemas/wire';
import type { Caller } from '../callers/caller.ts';
import type { Serving } from '../serving/serving.ts';
import { writeDecision, writeDenial } from './decision.ts';

/** Throws Refusal for what is no request, or not this caller's to make. */
export type Decide = (evaluation: WireEvaluation, caller: Caller, serving: Serving) => WireDecision;

export interface DeciderOptions {
  /** Wall clock, in milliseconds. */
  readonly now: () => number;
  readonly newId: () => string;
  readonly isStale: () => boolean;
  readonly pathsReadMax: number;
}

export function createDecider({ now, newId, isStale, pathsReadMax }: DeciderOptions): Decide {
  return (evaluation, caller, { bundle, mapping, judge }) => {
    const decisionId = newId();
    if (isStale()) return writeDenial('stale_authority', { bundle, decisionId });
    if (evaluation.bundle !== undefined && evaluation.bundle !== bundle) {
      return writeDenial('bundle_changed', { bundle, decisionId });
    }
    const mapped = mapping.mapEvaluation(evaluation, caller);
    if (mapped.kind === 'unknown') return writeDenial('unknown_tool', { bundle, decisionId });
    const verdict = judge.decide(mapped.request);
    if (verdict.dependsOn.length > pathsReadMax) {
      throw new Refusal(
        'too_large',
        `the policies for this request read more than ${pathsReadMax} context paths`,
      );
    }
    const isApproved = mapped.request.approved.length > 0;
    return writeDecision(verdict, { bundle, decisionId, nowMs: now(), isApproved });
  };
}
