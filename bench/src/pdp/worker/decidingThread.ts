// A deciding worker from the outside: one task at a time, and an end.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Task, TaskAnswer, WorkerLoad } from './task.ts';

export class DecidingThread {
  readonly #worker: Worker;

  private constructor(worker: Worker) {
    this.#worker = worker;
  }

  /** Resolves when its engine is warm. */
  static async start(load: WorkerLoad): Promise<DecidingThread> {
    const worker = new Worker(new URL('./main.ts', import.meta.url), { workerData: load });
    await once(worker, 'message');
    return new DecidingThread(worker);
  }

  async run(task: Task): Promise<TaskAnswer> {
    this.#worker.postMessage(task);
    const [answer] = (await once(this.#worker, 'message')) as [TaskAnswer];
    return answer;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
