// What a verdict does not read must not cost anything: the same request with and without 100 KB of other arguments. Both
// are remembered, so that nothing hides what arguments cost.
import type { DecisionRequest } from '@cardea/engine';
import type { CedarRecord } from '@cardea/schemas/cedar';
import { interleave, medianRatio, medians } from '../../measure/interleave.ts';
import { inTurn, microsecondsPerCall, warmUp, type Call } from '../../measure/timing.ts';
import { cedarModule } from '../contenders/cedarModule.ts';
import { compileRules, makeEngine, typeRequest } from '../contenders/engine.ts';
import type { Effort } from '../effort.ts';
import { listRules } from '../workload/policies.ts';
import { hotCount, listHotRequests } from '../workload/requests.ts';

export interface UnreadResult {
  readonly microseconds: { readonly none: number; readonly unread: number };
  readonly ratio: number;
}

const policies = 100;
const warmUpMsMax = 1_000;
const fieldCount = 500;
const fieldText = 'x'.repeat(200);

export async function compareUnreadArguments({ engine: pace }: Effort): Promise<UnreadResult> {
  const engine = makeEngine(compileRules(listRules(policies), cedarModule), cedarModule);
  const bare = listHotRequests(policies).map(typeRequest);
  const laden = bare.map(addArguments);
  const decide = (requests: readonly DecisionRequest[]): Call =>
    inTurn((at) => engine.decide(requests[at] as DecisionRequest), hotCount);
  const calls = { none: decide(bare), unread: decide(laden) };
  await warmUp(calls.none, hotCount, warmUpMsMax);
  await warmUp(calls.unread, hotCount, warmUpMsMax);
  const taken = await interleave(pace, {
    none: () => microsecondsPerCall(calls.none, pace.sliceMs),
    unread: () => microsecondsPerCall(calls.unread, pace.sliceMs),
  });
  return { microseconds: medians(taken), ratio: medianRatio(taken.unread, taken.none) };
}

/** Beside those that are read, and below them: fields, nested records and lists, 100 KB of text in all. */
function addArguments(request: DecisionRequest): DecisionRequest {
  const fields = Object.fromEntries(Array.from({ length: fieldCount / 2 }, (_, at) => [`f${at}`, fieldText]));
  const list = Array.from({ length: fieldCount / 2 }, () => ({ text: fieldText }));
  const input = { ...(request.context['input'] as CedarRecord), ...fields, more: { list } };
  return { ...request, context: { ...request.context, input } };
}
