// Calls a second, what one takes and what it costs, with one client and with many, everybody in turn.
import { interleave, type Measurement } from '../../measure/interleave.ts';
import { median } from '../../measure/statistics.ts';
import type { Effort } from '../effort.ts';
import { connectionCounts, type LineUp, type Sent } from './lineUp.ts';

/** Round by round, so that rounds can be compared. */
export type Taken = Readonly<Record<string, readonly Sample[]>>;

export type Sample = Pick<Sent, 'perSecond' | 'p50Us' | 'p99Us' | 'cpuUs'>;

export interface ThroughputResult {
  readonly connections: number;
  /** Medians by contender. */
  readonly medians: Readonly<Record<string, Sample>>;
  readonly taken: Taken;
}

/** No run makes so many: it ends by its time. */
const callsMax = 10_000_000;

export interface Course {
  readonly onStage: (name: string) => void;
  /** As performance.now() tells it: no round begins after it but the first of each number of connections. */
  readonly endMs: number;
}

/** Fewest connections first. */
export async function measureThroughput(
  lineUp: LineUp,
  { throughput }: Effort,
  { onStage, endMs }: Course,
): Promise<ThroughputResult[]> {
  const results: ThroughputResult[] = [];
  for (const [at, connections] of connectionCounts.entries()) {
    onStage(`${connections} connection${connections === 1 ? '' : 's'}`);
    const share = (endMs - performance.now()) / (connectionCounts.length - at);
    const pace = { ...throughput, timeMsMax: Math.min(throughput.timeMsMax, share) };
    const measurements = lineUp.running.map((one): [string, Measurement<Sample>] => [
      one.contender.name,
      async () => pick(await lineUp.send(one, connections, { timeMs: throughput.sliceMs, callsMax })),
    ]);
    const taken = await interleave<string, Sample>(pace, Object.fromEntries(measurements));
    results.push({ connections, medians: summarise(taken), taken });
  }
  return results.toReversed();
}

function pick({ perSecond, p50Us, p99Us, cpuUs }: Sent): Sample {
  return { perSecond, p50Us, p99Us, cpuUs };
}

function summarise(taken: Taken): Record<string, Sample> {
  const middle = (samples: readonly Sample[], of: keyof Sample): number =>
    median(samples.map((sample) => sample[of]));
  const entries = Object.entries(taken).map(([name, samples]): [string, Sample] => [
    name,
    {
      perSecond: middle(samples, 'perSecond'),
      p50Us: middle(samples, 'p50Us'),
      p99Us: middle(samples, 'p99Us'),
      cpuUs: middle(samples, 'cpuUs'),
    },
  ]);
  return Object.fromEntries(entries);
}
