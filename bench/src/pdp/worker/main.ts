// A thread that decides, as those of the decision service do: an engine of its own over policies compiled elsewhere.
import { parentPort, workerData } from 'node:worker_threads';
import { quantile } from '../../measure/statistics.ts';
import { makeEngine } from '../contenders/engine.ts';
import type { Task, TaskAnswer, WorkerLoad } from './task.ts';

if (parentPort === null) throw new Error('this file runs as a worker');
const port = parentPort;
const { module, policies, requests } = workerData as WorkerLoad;
const engine = makeEngine(policies, module);

port.on('message', (task: Task) => {
  port.postMessage(run(task));
});
port.postMessage('ready');

function run(task: Task): TaskAnswer {
  switch (task.kind) {
    case 'decide':
      return { kind: 'rate', perSecond: countFor(task.sliceMs, decide) };
    case 'spin':
      return { kind: 'rate', perSecond: countFor(task.sliceMs, spin) };
    case 'tail':
      return { kind: 'tail', ...timeEach(task.decisions) };
  }
}

let next = 0;

/** Goes on where the last task stopped. */
function decide(): void {
  const request = requests[next % requests.length];
  next += 1;
  if (request !== undefined) engine.decide(request);
}

/** About as long as a decision, and nothing but arithmetic: what two threads of this machine are worth. */
const spinSteps = 50_000;
let spun = 1;

function spin(): void {
  for (let step = 0; step < spinSteps; step += 1) spun = (Math.imul(spun, 1_664_525) + 1_013_904_223) | 0;
}

function countFor(sliceMs: number, task: () => void): number {
  const start = performance.now();
  let count = 0;
  let elapsedMs = 0;
  while (elapsedMs < sliceMs) {
    task();
    count += 1;
    elapsedMs = performance.now() - start;
  }
  return (count * 1_000) / elapsedMs;
}

function timeEach(decisions: number): { p50Us: number; p99Us: number } {
  const microseconds = new Float64Array(decisions);
  for (let at = 0; at < decisions; at += 1) {
    const start = performance.now();
    decide();
    microseconds[at] = (performance.now() - start) * 1_000;
  }
  return { p50Us: quantile(microseconds, 0.5), p99Us: quantile(microseconds, 0.99) };
}
