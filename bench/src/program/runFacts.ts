// What every report says of the run that it is about.
import { availableParallelism } from 'node:os';
import { listMissed, type Figures, type Target } from '../targets/target.ts';
import type { EffortName } from './program.ts';

export interface RunFacts {
  readonly effort: EffortName;
  readonly node: string;
  readonly processors: number;
  readonly seconds: number;
  /** Names of the targets that were measured and not reached. */
  readonly missed: readonly string[];
}

export interface Run {
  readonly effort: EffortName;
  readonly seconds: number;
  readonly targets: readonly Target[];
  readonly figures: Figures<string>;
}

export function stateRun({ effort, seconds, targets, figures }: Run): RunFacts {
  return {
    effort,
    node: process.version,
    processors: availableParallelism(),
    seconds,
    missed: listMissed(targets, figures),
  };
}
