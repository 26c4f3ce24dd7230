// An engine alone in a process, deciding for a long time: whatever grows with the number of decisions shows here.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { answerQuestions } from '../../child/childProcess.ts';
import { cedarModule } from '../contenders/cedarModule.ts';
import { compileRules, makeEngine, typeRequest } from '../contenders/engine.ts';
import { listRules } from '../workload/policies.ts';
import { listSpreadRequests, listUnlikeRequests } from '../workload/requests.ts';
import type { EnduranceAnswer, EnduranceQuestion } from './endurance.ts';

/** Every hundredth decision is one that no cache knows. */
const coldEvery = 100;
const samples = 10;
const megabyte = 1_000_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

answerQuestions(({ policies, decisions }: EnduranceQuestion): EnduranceAnswer => {
  const engine = makeEngine(compileRules(listRules(policies), cedarModule), cedarModule);
  const hot = listUnlikeRequests(policies).map(typeRequest);
  const cold = listSpreadRequests(policies, policies).map(typeRequest);
  // Full caches are not growth.
  for (const request of cold) engine.decide(request);
  const liveMb: number[] = [];
  const rssMb: number[] = [];
  for (let at = 0; at < decisions; at += 1) {
    const request = at % coldEvery === 0 ? cold[(at / coldEvery) % cold.length] : hot[at % hot.length];
    if (request !== undefined) engine.decide(request);
    if ((at + 1) % (decisions / samples) !== 0) continue;
    collectGarbage();
    const { heapUsed, external, rss } = process.memoryUsage();
    liveMb.push((heapUsed + external) / megabyte);
    rssMb.push(rss / megabyte);
  }
  return { liveMb, rssMb };
});
