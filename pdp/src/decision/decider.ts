// One evaluation, from its words to its answer. Everything that can deny without the engine stands here, in order.
import { Refusal } from '@cardea/schemas/codes';
import type { WireDecision, WireEvaluation } from '@cardea/schemas/wire';
import type { Caller } from '../callers/caller.ts';
import type { Serving } from '../serving/serving.ts';
import type { Standing } from '../serving/standing.ts';
import { writeDecision, writeDenial } from './decision.ts';

/** Throws Refusal for what is no request, or not this caller's to make. */
export type Decide = (evaluation: WireEvaluation, caller: Caller, serving: Serving) => WireDecision;

export interface DeciderOptions {
  /** Wall clock, in milliseconds. */
  readonly now: () => number;
  readonly newId: () => string;
  readonly standingOf: (bundle: string) => Standing;
  readonly pathsReadMax: number;
}

export function createDecider({ now, newId, standingOf, pathsReadMax }: DeciderOptions): Decide {
  return (evaluation, caller, { bundle, mapping, judge }) => {
    const decisionId = newId();
    const standing = standingOf(bundle);
    if (standing === 'stale') return writeDenial('stale_authority', { bundle, decisionId });
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
    // `dependsOn` names no approvals: the same call without them has to wait for people, not find this allow in a cache.
    const isKeepable = mapped.request.approved.length === 0 && standing === 'current';
    return writeDecision(verdict, { bundle, decisionId, nowMs: now(), isKeepable });
  };
}
