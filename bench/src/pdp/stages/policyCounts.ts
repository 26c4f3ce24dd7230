// Our engine alone, over growing numbers of policies: what is hot must not feel how many there are.
import { interleave, medianRatio, medians } from '../../measure/interleave.ts';
import { microsecondsPerCall, warmUp } from '../../measure/timing.ts';
import { cardea } from '../contenders/cardea.ts';
import type { Effort } from '../effort.ts';
import { listRules } from '../workload/policies.ts';
import { hotCount, listHotRequests } from '../workload/requests.ts';

export interface PolicyCountsResult {
  /** Microseconds a hot decision takes, by the number of policies. */
  readonly microseconds: Readonly<Record<string, number>>;
  /** The last over the first. */
  readonly ratio: number;
}

const warmUpMsMax = 1_000;

export async function comparePolicyCounts({ policyCounts, engine }: Effort): Promise<PolicyCountsResult> {
  const measurements = await Promise.all(
    policyCounts.map(async (count) => {
      const { decide } = await cardea.prepare(listRules(count), listHotRequests(count));
      // Every hot slice is preparsed here.
      await warmUp(decide, hotCount, warmUpMsMax);
      return [String(count), () => microsecondsPerCall(decide, hotCount, engine.sliceMs)] as const;
    }),
  );
  const taken = await interleave(engine, Object.fromEntries(measurements));
  const [first, last] = [policyCounts.at(0), policyCounts.at(-1)].map((count) => taken[String(count)] ?? []);
  return { microseconds: medians(taken), ratio: medianRatio(last ?? [], first ?? []) };
}
