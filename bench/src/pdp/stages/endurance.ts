// The long runs: memory over a million decisions, and over five hundred reloads of a running service.
import { ChildProcess } from '../../child/childProcess.ts';
import type { Effort } from '../effort.ts';
import { makeWorkload } from '../workload/sources.ts';
import type { EnduranceAnswer, EnduranceQuestion } from '../endurance/endurance.ts';
import { Deployment } from '../../deployment/deployment.ts';

export interface EnduranceResult {
  /** After each tenth of the decisions. */
  readonly decisions: EnduranceAnswer;
  /** The live memory: the last over the first. */
  readonly decisionsRatio: number;
  /** Resident memory after each tenth of the reloads. */
  readonly reloadsMb: readonly number[];
  /** The last over the second: reloads are few, and collectors wait until there is something to collect. */
  readonly reloadsRatio: number;
}

const reloadedPolicies = 100;
const samples = 10;

/** A million decisions take a minute or two. */
const decidingMsMax = 900_000;

export async function measureEndurance(
  { decisions, reloads }: NonNullable<Effort['endurance']>,
  policies: number,
): Promise<EnduranceResult> {
  const decided = await decideLong(decisions, policies);
  const reloadsMb = await reloadOften(reloads);
  const growth = (rss: readonly number[], from: number): number =>
    (rss.at(-1) ?? NaN) / (rss.at(from) ?? NaN);
  return {
    decisions: decided,
    decisionsRatio: growth(decided.liveMb, 0),
    reloadsMb,
    reloadsRatio: growth(reloadsMb, Math.min(1, reloadsMb.length - 1)),
  };
}

async function decideLong(decisions: number, policies: number): Promise<EnduranceAnswer> {
  const child = ChildProcess.start<EnduranceQuestion, EnduranceAnswer>(
    new URL('../endurance/main.ts', import.meta.url),
  );
  try {
    return await child.ask({ policies, decisions }, decidingMsMax);
  } finally {
    await child.close();
  }
}

async function reloadOften(reloads: number): Promise<readonly number[]> {
  const deployment = await Deployment.prepare(makeWorkload(reloadedPolicies));
  try {
    await deployment.start();
    const rssMb: number[] = [];
    for (let reload = 1; reload <= reloads; reload += 1) {
      // Two bundles take turns, one policy apart.
      await deployment.switchTo(makeWorkload(reloadedPolicies + (reload % 2)));
      if (reload % Math.ceil(reloads / samples) === 0) rssMb.push((await deployment.readMemory()).rssMb);
    }
    return rssMb;
  } finally {
    await deployment.close();
  }
}
