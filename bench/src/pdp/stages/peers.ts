// Our engine beside others, on the same requests and rules, with the same verdicts. No two requests are alike: ours
// remembers verdicts, and to answer from memory is not to decide.
import { interleave, medians, type Measurement } from '../../measure/interleave.ts';
import { inTurn, microsecondsPerCall, warmUp } from '../../measure/timing.ts';
import { cardea } from '../contenders/cardea.ts';
import { casbin } from '../contenders/casbin.ts';
import { cedarFullSet } from '../contenders/cedarFullSet.ts';
import { cedarling } from '../contenders/cedarling.ts';
import type { Contender, Decider } from '../contenders/contender.ts';
import type { Effort } from '../effort.ts';
import { listRules } from '../workload/policies.ts';
import { hotCount, isAllowed, listUnlikeRequests, unlikeCount } from '../workload/requests.ts';

/** Enough for every kind of verdict in the workload; the tests compare all requests. */
const checkedCount = 8;

/** At 10,000 policies some take tens of milliseconds a call. */
const warmUpMsMax = 200;

export const contenders: readonly Contender[] = [cardea, cedarFullSet, casbin, cedarling];

export interface PeersResult {
  readonly policies: number;
  /** Microseconds a decision takes, by contender. */
  readonly microseconds: Readonly<Record<string, number>>;
  /** Those that could not be run here, and why. */
  readonly unable: Readonly<Record<string, string>>;
}

export async function comparePeers(policies: number, { engine }: Effort): Promise<PeersResult> {
  const unable: Record<string, string> = {};
  const measurements: Record<string, Measurement> = {};
  const ready: Decider[] = [];
  for (const contender of contenders) {
    try {
      const decider = await prepareChecked(contender, policies);
      ready.push(decider);
      const decide = inTurn(decider.decide, unlikeCount);
      await warmUp(decide, hotCount, warmUpMsMax);
      measurements[contender.name] = () => microsecondsPerCall(decide, engine.sliceMs);
    } catch (fault) {
      unable[contender.name] = String(fault);
    }
  }
  const microseconds = medians(await interleave(engine, measurements));
  for (const decider of ready) decider.close();
  return { policies, microseconds, unable };
}

/** Rejects where the contender answers anything but what the rules say: a wrong answer has no speed. */
async function prepareChecked(contender: Contender, policies: number): Promise<Decider> {
  const requests = listUnlikeRequests(policies);
  const decider = await contender.prepare(listRules(policies), requests);
  for (const [at, request] of requests.slice(0, checkedCount).entries()) {
    if ((await decider.decide(at)) !== isAllowed(request)) {
      throw new Error(`another verdict than the rules give for ${JSON.stringify(request)}`);
    }
  }
  return decider;
}
