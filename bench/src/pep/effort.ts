// How much is measured. `quick` is what a developer waits for; `full` adds what takes minutes; `smoke` runs every stage
// just long enough to see that it runs, and its figures mean nothing.
import type { Pace } from '../measure/interleave.ts';
import type { EffortName } from '../program/program.ts';

export interface Effort {
  readonly name: EffortName;
  readonly warmUpMs: number;
  /** At each number of connections. */
  readonly throughput: Pace & { readonly sliceMs: number };
  readonly idleSessions: number;
  readonly enduranceCalls?: number;
}

export const efforts: Readonly<Record<EffortName, Effort>> = {
  quick: {
    name: 'quick',
    warmUpMs: 500,
    throughput: { rounds: 5, timeMsMax: 8_500, sliceMs: 200 },
    idleSessions: 5_000,
  },
  full: {
    name: 'full',
    warmUpMs: 3_000,
    throughput: { rounds: 15, timeMsMax: 180_000, sliceMs: 1_000 },
    idleSessions: 5_000,
    enduranceCalls: 1_000_000,
  },
  smoke: {
    name: 'smoke',
    warmUpMs: 50,
    throughput: { rounds: 1, timeMsMax: 1_000, sliceMs: 50 },
    idleSessions: 40,
    enduranceCalls: 1_000,
  },
};
