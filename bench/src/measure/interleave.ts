// Things that are compared take turns (A B A B ...), so that whatever else the machine does meets all of them alike.
import { median } from './statistics.ts';

/** One measurement: what stands for one round, a number or several that were taken together. */
export type Measurement<Taken = number> = () => Taken | Promise<Taken>;

/** What each measurement gave, round by round. */
export type Rounds<Name extends string, Taken = number> = Readonly<Record<Name, readonly Taken[]>>;

/** How many rounds there are, and after what time no new one begins: a slow machine gets fewer. */
export interface Pace {
  readonly rounds: number;
  readonly timeMsMax: number;
}

/** Every measurement once per round, the order turning, so that nobody always comes after the same neighbour. */
export async function interleave<Name extends string, Taken = number>(
  { rounds, timeMsMax }: Pace,
  measurements: Readonly<Record<Name, Measurement<Taken>>>,
): Promise<Rounds<Name, Taken>> {
  const endMs = performance.now() + timeMsMax;
  const names = Object.keys(measurements) as Name[];
  const taken = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Taken[]>;
  for (let round = 0; round < rounds && (round === 0 || performance.now() < endMs); round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(turn + round) % names.length] as Name;
      taken[name].push(await measurements[name]());
    }
  }
  return taken;
}

export function medians<Name extends string>(rounds: Rounds<Name>): Record<Name, number> {
  const names = Object.keys(rounds) as Name[];
  return Object.fromEntries(names.map((name) => [name, median(rounds[name])])) as Record<Name, number>;
}

/** The median of the rounds' own ratios: a minute in which everything was slow cancels out. */
export function medianRatio(over: readonly number[], under: readonly number[]): number {
  return median(over.map((value, round) => value / (under[round] ?? NaN)));
}
