// Our engine alone, over growing numbers of policies: what is hot must not feel how many there are. The same requests
// again and again are answered from memory; those of which no two are alike are evaluated, each of them.
import { interleave, medianRatio, medians, type Measurement } from '../../measure/interleave.ts';
import { inTurn, microsecondsPerCall, warmUp } from '../../measure/timing.ts';
import { cardea } from '../contenders/cardea.ts';
import type { Effort } from '../effort.ts';
import { listRules } from '../workload/policies.ts';
import { hotCount, listHotRequests, listUnlikeRequests, type BenchRequest } from '../workload/requests.ts';

export interface PolicyCountsResult {
  readonly alike: CountsResult;
  readonly unlike: CountsResult;
}

export interface CountsResult {
  /** Microseconds a hot decision takes, by the number of policies. */
  readonly microseconds: Readonly<Record<string, number>>;
  /** The last over the first. */
  readonly ratio: number;
}

const warmUpMsMax = 1_000;

export async function comparePolicyCounts({ policyCounts, engine }: Effort): Promise<PolicyCountsResult> {
  const prepareAll = async (kind: string, list: (count: number) => BenchRequest[]): Promise<Named[]> =>
    Promise.all(
      policyCounts.map(async (count) => {
        const requests = list(count);
        const { decide } = await cardea.prepare(listRules(count), requests);
        const call = inTurn(decide, requests.length);
        // Every hot slice is preparsed here.
        await warmUp(call, hotCount, warmUpMsMax);
        return [`${kind} ${count}`, () => microsecondsPerCall(call, engine.sliceMs)] as const;
      }),
    );
  const alike = await prepareAll('alike', listHotRequests);
  const unlike = await prepareAll('unlike', (count) => listUnlikeRequests(count));
  const taken = await interleave(engine, Object.fromEntries([...alike, ...unlike]));
  const read = (kind: string): CountsResult => {
    const rounds = policyCounts.map((count) => [String(count), taken[`${kind} ${count}`] ?? []] as const);
    const [first, last] = [rounds.at(0)?.[1] ?? [], rounds.at(-1)?.[1] ?? []];
    return { microseconds: medians(Object.fromEntries(rounds)), ratio: medianRatio(last, first) };
  };
  return { alike: read('alike'), unlike: read('unlike') };
}

type Named = readonly [name: string, measurement: Measurement];
