// How much is measured. `quick` is what a developer waits for; `full` adds what takes minutes; `smoke` runs every stage
// just long enough to see that it runs, and its figures mean nothing.
import type { Pace } from '../measure/interleave.ts';
import type { EffortName } from '../program/program.ts';

export interface Effort {
  readonly name: EffortName;
  /** Of each contender: until it has answered so many calls, or the time is up. */
  readonly warmUp: { readonly calls: number; readonly timeMsMax: number };
  /** By then no further round begins: idle sessions come after it. */
  readonly roundsEndMs: number;
  /** At each number of connections. */
  readonly throughput: Pace & { readonly sliceMs: number };
  readonly idleSessions: number;
  readonly enduranceCalls?: number;
}

export const efforts: Readonly<Record<EffortName, Effort>> = {
  quick: {
    name: 'quick',
    warmUp: { calls: 4_000, timeMsMax: 1_200 },
    roundsEndMs: 34_000,
    throughput: { rounds: 7, timeMsMax: 9_500, sliceMs: 130 },
    idleSessions: 5_000,
  },
  full: {
    name: 'full',
    warmUp: { calls: 50_000, timeMsMax: 10_000 },
    roundsEndMs: 1_800_000,
    throughput: { rounds: 15, timeMsMax: 180_000, sliceMs: 1_000 },
    idleSessions: 5_000,
    enduranceCalls: 1_000_000,
  },
  smoke: {
    name: 'smoke',
    warmUp: { calls: 100, timeMsMax: 200 },
    roundsEndMs: 60_000,
    throughput: { rounds: 1, timeMsMax: 1_000, sliceMs: 50 },
    idleSessions: 40,
    enduranceCalls: 1_000,
  },
};
