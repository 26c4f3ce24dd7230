// A constant server in a process of its own, with as many listening threads as the service that it is compared with.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { answerQuestions } from '../child/childProcess.ts';
import type { ConstantAnswer, ConstantQuestion, ConstantThread } from './constant.ts';

answerQuestions(async (question: ConstantQuestion): Promise<ConstantAnswer> => {
  // The first thread finds the port that the others share.
  let port = 0;
  for (let thread = 0; thread < question.threads; thread += 1)
    port = await startThread({ ...question, port });
  return { url: `http://127.0.0.1:${port}` };
});

async function startThread(workerData: ConstantThread): Promise<number> {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData });
  const [port] = (await once(worker, 'message')) as [number];
  return port;
}
