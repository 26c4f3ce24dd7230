// Which policies a run of tests has seen satisfied, and which it has not: a policy that no test satisfies could say
// anything.
import type { Place } from '../report/diagnostic.ts';
import type { Project } from './fullSet.ts';

export interface CoverageReport {
  /** Ids in the order of the files. */
  readonly satisfied: readonly string[];
  readonly unsatisfied: readonly { readonly id: string; readonly place: Place }[];
  /** Whole per cent, rounded down; an empty project is fully covered. */
  readonly percent: number;
}

/** A template counts through the policies linked from it. */
export function measureCoverage({ policies, links }: Project, seen: ReadonlySet<string>): CoverageReport {
  const all = [
    ...policies.filter(({ kind }) => kind === 'static'),
    ...links.map(({ id, template }) => ({ id, place: template.place })),
  ];
  const satisfied = all.filter(({ id }) => seen.has(id)).map(({ id }) => id);
  const unsatisfied = all.filter(({ id }) => !seen.has(id)).map(({ id, place }) => ({ id, place }));
  const percent = all.length === 0 ? 100 : Math.floor((satisfied.length * 100) / all.length);
  return { satisfied, unsatisfied, percent };
}
