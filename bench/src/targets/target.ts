// What a benchmark has to reach, under the names that the figures have in its output.
import { writeFigure, writeTable } from '../text/table.ts';

export interface Target {
  readonly name: string;
  readonly bound: 'at most' | 'at least';
  readonly limit: number;
  readonly means: string;
  /** Measured only without --quick. */
  readonly isLong?: true;
}

/** By the names of the targets; long ones are missing where they were not measured. */
export type Figures<Name extends string> = { readonly [Each in Name]?: number };

export type NamesOf<Targets extends readonly Target[]> = Targets[number]['name'];

export function isReached({ bound, limit }: Target, figure: number): boolean {
  return bound === 'at most' ? figure <= limit : figure >= limit;
}

/** Names of the targets that were measured and not reached. */
export function listMissed(targets: readonly Target[], figures: Figures<string>): string[] {
  const missed = targets.filter((target) => {
    const figure = figures[target.name];
    return figure !== undefined && !isReached(target, figure);
  });
  return missed.map(({ name }) => name);
}

export function writeTargets<Targets extends readonly Target[]>(
  targets: Targets,
  figures: Figures<NamesOf<Targets>>,
): string {
  const rows = targets.flatMap((target) => {
    const figure = figures[target.name as NamesOf<Targets>];
    if (figure === undefined) return [];
    const bound = `${target.bound} ${target.limit}`;
    return [[target.name, writeFigure(figure), bound, isReached(target, figure) ? 'reached' : 'MISSED']];
  });
  return writeTable(['target', 'figure', 'bound', ''], rows);
}
