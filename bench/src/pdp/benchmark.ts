// All stages, one after the other: while something is measured, nothing else of ours runs.
import { cedarModule } from './contenders/cedarModule.ts';
import { compileRules } from './contenders/engine.ts';
import type { Effort } from './effort.ts';
import { Deployment, type Memory } from '../deployment/deployment.ts';
import { measureEndurance, type EnduranceResult } from './stages/endurance.ts';
import { measureHttpService, type HttpResult } from './stages/httpService.ts';
import { comparePeers, type PeersResult } from './stages/peers.ts';
import { comparePolicyCounts, type PolicyCountsResult } from './stages/policyCounts.ts';
import { measureResidentMemory } from './stages/residentMemory.ts';
import { measureThreads, type ThreadsResult } from './stages/threads.ts';
import { compareUnreadArguments, type UnreadResult } from './stages/unreadArguments.ts';
import { listRules } from './workload/policies.ts';
import { makeWorkload } from './workload/sources.ts';

export interface BenchmarkResult {
  readonly policyCounts: PolicyCountsResult;
  readonly unread: UnreadResult;
  readonly threads: ThreadsResult;
  readonly peers: readonly PeersResult[];
  readonly memory: Memory;
  readonly http: HttpResult;
  readonly endurance?: EnduranceResult;
}

/** `onStage` hears of each stage as it begins. Rejects with the first stage that cannot be run. */
export async function runBenchmark(
  effort: Effort,
  onStage: (name: string) => void,
): Promise<BenchmarkResult> {
  const endMs = performance.now() + effort.wallMsMax;
  const most = effort.policyCounts.at(-1) ?? 0;
  const deployment = await Deployment.prepare(makeWorkload(most));
  try {
    onStage('compiling and publishing');
    for (const count of effort.policyCounts) compileRules(listRules(count), cedarModule);
    await deployment.settle();
    await deployment.rehearse();
    onStage('threads');
    const threads = await measureThreads(effort);
    onStage('numbers of policies');
    const policyCounts = await comparePolicyCounts(effort);
    onStage('unread arguments');
    const unread = await compareUnreadArguments(effort);
    const peers: PeersResult[] = [];
    for (const count of effort.policyCounts) {
      onStage(`peers with ${count} policies`);
      peers.push(await comparePeers(count, effort));
    }
    onStage('a service and its memory');
    await deployment.start();
    const memory = await measureResidentMemory(deployment, effort);
    onStage('HTTP');
    const http = await measureHttpService(deployment, effort, endMs);
    const result = { policyCounts, unread, threads, peers, memory, http };
    if (effort.endurance === undefined) return result;
    onStage('endurance');
    return { ...result, endurance: await measureEndurance(effort.endurance, most) };
  } finally {
    await deployment.close();
  }
}
