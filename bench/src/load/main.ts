// The load generator, in a process of its own, so that it measures the servers and not itself. Bounded in time and in
// count, whatever the server does.
import autocannon, { type Client, type Request } from 'autocannon';
import { answerQuestions } from '../child/childProcess.ts';
import type { Load, LoadResult } from './load.ts';

/** Of one run: far more than any server here answers in the time that it has. */
const answersMax = 10_000_000;
const timeoutSeconds = 10;
const lookMs = 20;

answerQuestions(
  async ({ url, path, token, connections, bodies, timeMs, once }: Load): Promise<LoadResult> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const requests = bodies.map((body): Request => ({ method: 'POST', path, headers, body }));
    let client = 0;
    const setupClient = (one: Client): void => {
      const own = client++ % connections;
      const [from, to] = [own, own + 1].map((at) => Math.floor((at * requests.length) / connections));
      one.setRequests(requests.slice(from, to));
    };
    const bounds = once === true ? { amount: requests.length } : { duration: timeMs / 1_000 };
    const run = autocannon({
      url,
      connections,
      sampleInt: lookMs,
      timeout: timeoutSeconds,
      setupClient,
      ...bounds,
    });
    const watch = measureAnswers(run);
    const timer = setTimeout(() => {
      run.stop();
    }, timeMs);
    const result = await run;
    clearTimeout(timer);
    return { ...watch(), failures: result.non2xx + result.errors };
  },
);

/** From the first answer to the last: connecting and winding up are not the server's speed. */
function measureAnswers(run: ReturnType<typeof autocannon>): () => Pick<LoadResult, 'answers' | 'perSecond'> {
  let answers = 0;
  let firstMs = 0;
  let lastMs = 0;
  void run.on('response', () => {
    lastMs = performance.now();
    if (answers === 0) firstMs = lastMs;
    answers += 1;
    if (answers >= answersMax) run.stop();
  });
  return () => ({ answers, perSecond: ((answers - 1) * 1_000) / (lastMs - firstMs) });
}
