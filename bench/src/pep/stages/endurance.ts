// A fresh proxy over a million calls: whatever grows with their number shows in what the collector leaves. The calls go
// round so many that each verdict has expired when its call comes again, or nearly: caches are full from the beginning,
// and the service is asked again and again.
import type { Cardea } from '../contenders/cardea.ts';
import type { LoadGenerator } from '../load/generator.ts';
import { listCalls, listHeaders } from '../workload/calls.ts';

export interface EnduranceResult {
  readonly calls: number;
  /** After each tenth: what the collector leaves, and what is resident. */
  readonly liveMb: readonly number[];
  readonly rssMb: readonly number[];
  /** Of the live memory, the last over the first. */
  readonly ratio: number;
}

const connections = 64;
const differentCalls = 4_096;
const samples = 10;
const tenthMsMax = 300_000;

export async function measureEndurance(
  { cardea, upstream, generator }: EnduranceParts,
  calls: number,
): Promise<EnduranceResult> {
  const proxy = await cardea.start({ upstream });
  const load = {
    url: proxy.url,
    headers: listHeaders(cardea.tokens[0] ?? ''),
    connections,
    calls: listCalls(differentCalls),
  };
  const bounds = { timeMs: tenthMsMax, isFresh: false };
  try {
    // Full caches are not growth.
    await generator.open(load);
    await generator.run({ ...bounds, callsMax: Math.min(calls, 4 * differentCalls) });
    const liveMb: number[] = [];
    const rssMb: number[] = [];
    for (let sample = 0; sample < samples; sample += 1) {
      await generator.open(load);
      const { answers } = await generator.run({ ...bounds, callsMax: calls / samples });
      if (answers < calls / samples) throw new Error(`only ${answers} calls in ${tenthMsMax} ms`);
      const memory = await proxy.readLive();
      liveMb.push(memory.liveMb);
      rssMb.push(memory.rssMb);
    }
    return { calls, liveMb, rssMb, ratio: (liveMb.at(-1) ?? NaN) / (liveMb[0] ?? NaN) };
  } finally {
    await proxy.close();
  }
}

interface EnduranceParts {
  readonly cardea: Cardea;
  /** Of the echo. */
  readonly upstream: string;
  readonly generator: LoadGenerator;
}
