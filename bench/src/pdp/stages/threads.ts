// Threads that decide, without HTTP: how long the slowest decisions take, and what a second thread is worth. No two
// requests are alike: each is evaluated.
import { median } from '../../measure/statistics.ts';
import { interleave, medianRatio, medians } from '../../measure/interleave.ts';
import { cedarModule } from '../contenders/cedarModule.ts';
import { compileRules, typeRequest } from '../contenders/engine.ts';
import type { Effort } from '../effort.ts';
import { DecidingThread } from '../worker/decidingThread.ts';
import type { Task } from '../worker/task.ts';
import { listRules } from '../workload/policies.ts';
import { listUnlikeRequests } from '../workload/requests.ts';

export interface ThreadsResult {
  readonly p50Us: number;
  readonly p99Us: number;
  /** The median of each round's own ratio. */
  readonly p99OverP50: number;
  /** Per second. */
  readonly decisions: { readonly one: number; readonly two: number };
  readonly spins: { readonly one: number; readonly two: number };
  readonly scaling: number;
}

export async function measureThreads({ policyCounts, tail, scaling }: Effort): Promise<ThreadsResult> {
  const policies = policyCounts.at(-1) ?? 0;
  const load = {
    module: cedarModule,
    policies: compileRules(listRules(policies), cedarModule),
    requests: listUnlikeRequests(policies).map(typeRequest),
  };
  const first = await DecidingThread.start(load);
  const second = await DecidingThread.start(load);
  try {
    return {
      ...(await measureTail(first, tail)),
      ...(await measureScaling([first, second], scaling)),
    };
  } finally {
    await Promise.all([first.close(), second.close()]);
  }
}

async function measureTail(
  thread: DecidingThread,
  { rounds, decisions }: Effort['tail'],
): Promise<Pick<ThreadsResult, 'p50Us' | 'p99Us' | 'p99OverP50'>> {
  const taken: { p50Us: number; p99Us: number }[] = [];
  // The first round is not counted: it compiles.
  for (let round = 0; round <= rounds; round += 1) {
    const answer = await thread.run({ kind: 'tail', decisions });
    if (answer.kind === 'tail' && round > 0) taken.push(answer);
  }
  return {
    p50Us: median(taken.map(({ p50Us }) => p50Us)),
    p99Us: median(taken.map(({ p99Us }) => p99Us)),
    p99OverP50: median(taken.map(({ p50Us, p99Us }) => p99Us / p50Us)),
  };
}

async function measureScaling(
  both: readonly [DecidingThread, DecidingThread],
  pace: Effort['scaling'],
): Promise<Pick<ThreadsResult, 'decisions' | 'spins' | 'scaling'>> {
  const rate = (kind: 'decide' | 'spin', threads: readonly DecidingThread[]) => () =>
    sumRates(threads, { kind, sliceMs: pace.sliceMs });
  const [one] = both;
  // Not measured: the compilers' turn.
  await rate('spin', both)();
  await rate('decide', both)();
  const taken = await interleave(pace, {
    spinOne: rate('spin', [one]),
    decideOne: rate('decide', [one]),
    spinTwo: rate('spin', both),
    decideTwo: rate('decide', both),
  });
  const { spinOne, spinTwo, decideOne, decideTwo } = medians(taken);
  const worth = taken.decideOne.map((rateOne, round) => (taken.decideTwo[round] ?? NaN) / rateOne);
  const ceiling = taken.spinOne.map((rateOne, round) => (taken.spinTwo[round] ?? NaN) / rateOne);
  return {
    decisions: { one: decideOne, two: decideTwo },
    spins: { one: spinOne, two: spinTwo },
    scaling: medianRatio(worth, ceiling),
  };
}

async function sumRates(threads: readonly DecidingThread[], task: Task): Promise<number> {
  const answers = await Promise.all(threads.map((thread) => thread.run(task)));
  return answers.reduce((sum, answer) => sum + (answer.kind === 'rate' ? answer.perSecond : 0), 0);
}
