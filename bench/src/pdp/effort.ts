// How much is measured. `quick` is what a developer waits for; `full` adds what takes minutes; `smoke` runs every stage
// just long enough to see that it runs, and its figures mean nothing.
import type { Pace } from '../measure/interleave.ts';
import type { EffortName } from '../program/program.ts';

export interface Effort {
  readonly name: EffortName;
  /** By then the last stage begins no further round. */
  readonly wallMsMax: number;
  /** Ascending. Ratios named "10k over 10" are the last over the first. */
  readonly policyCounts: readonly number[];
  /** Each measurement of a round takes so long; a call that takes longer is made once. */
  readonly engine: Pace & { readonly sliceMs: number };
  readonly tail: { readonly rounds: number; readonly decisions: number };
  readonly scaling: Pace & { readonly sliceMs: number };
  readonly http: Pace & { readonly sliceMs: number; readonly warmUpMs: number };
  /** Different tuples that the process has decided on before its memory is read. */
  readonly spreadTuples: number;
  readonly endurance?: { readonly decisions: number; readonly reloads: number };
}

const tenfold = [10, 100, 1_000, 10_000] as const;

export const efforts: Readonly<Record<EffortName, Effort>> = {
  quick: {
    name: 'quick',
    wallMsMax: 41_000,
    policyCounts: tenfold,
    engine: { rounds: 9, timeMsMax: 1_500, sliceMs: 40 },
    tail: { rounds: 5, decisions: 3_000 },
    // Shorter slices measure how threads wake up.
    scaling: { rounds: 11, timeMsMax: 9_500, sliceMs: 200 },
    http: { rounds: 5, timeMsMax: 8_000, sliceMs: 500, warmUpMs: 400 },
    spreadTuples: 10_000,
  },
  full: {
    name: 'full',
    wallMsMax: 3_600_000,
    policyCounts: tenfold,
    engine: { rounds: 15, timeMsMax: 60_000, sliceMs: 250 },
    tail: { rounds: 5, decisions: 20_000 },
    scaling: { rounds: 25, timeMsMax: 60_000, sliceMs: 500 },
    http: { rounds: 9, timeMsMax: 120_000, sliceMs: 3_000, warmUpMs: 3_000 },
    spreadTuples: 10_000,
    endurance: { decisions: 1_000_000, reloads: 500 },
  },
  smoke: {
    name: 'smoke',
    wallMsMax: 60_000,
    policyCounts: [10, 40],
    engine: { rounds: 1, timeMsMax: 1_000, sliceMs: 1 },
    tail: { rounds: 1, decisions: 100 },
    scaling: { rounds: 1, timeMsMax: 1_000, sliceMs: 5 },
    http: { rounds: 1, timeMsMax: 1_000, sliceMs: 100, warmUpMs: 50 },
    spreadTuples: 160,
    endurance: { decisions: 1_000, reloads: 2 },
  },
};
