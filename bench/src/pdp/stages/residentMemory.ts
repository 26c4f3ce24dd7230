// What the process of a decision service holds, once it has decided on thousands of different tuples.
import { LoadGenerator } from '../../load/generator.ts';
import type { Effort } from '../effort.ts';
import type { Deployment, Memory } from '../../deployment/deployment.ts';
import { listSpreadRequests } from '../workload/requests.ts';
import { writeEvaluation } from '../workload/sources.ts';

const connections = 16;

/** For 10,000 decisions that miss every cache, on a slow machine. */
const spreadMsMax = 50_000;

/** The deployment has to be fresh: nothing else may have been asked of it. */
export async function measureResidentMemory(deployment: Deployment, effort: Effort): Promise<Memory> {
  const requests = listSpreadRequests(effort.policyCounts.at(-1) ?? 0, effort.spreadTuples);
  const generator = new LoadGenerator();
  try {
    const load = { ...deployment.endpoint, connections, bodies: requests.map(writeEvaluation) };
    const { answers } = await generator.send({ ...load, timeMs: spreadMsMax, once: true });
    if (answers < requests.length) throw new Error(`only ${answers} of ${requests.length} were answered`);
    return await deployment.readMemory();
  } finally {
    await generator.close();
  }
}
