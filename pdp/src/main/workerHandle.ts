// One worker, as its supervisor sees it.
import { Worker } from 'node:worker_threads';
import type { MetricsSnapshot } from '../telemetry/metricsReader.ts';
import { Heartbeat } from '../worker/heartbeat.ts';
import type { FromWorker, ListenAddress, LoadedBundle, ToWorker, WorkerBoot } from '../worker/messages.ts';
import { Questions } from '../worker/questions.ts';

const entry = new URL('../worker/main.ts', import.meta.url);

export interface WorkerEvents {
  readonly onMessage: (handle: WorkerHandle, message: FromWorker) => void;
  /** It has ended, wanted or not. */
  readonly onEnd: (handle: WorkerHandle, fault: Error | undefined) => void;
}

export class WorkerHandle {
  readonly index: number;
  readonly heartbeat: Heartbeat;
  /** What it decides with. */
  bundle: string | undefined;
  /** What it has counted, as far as it was last asked. */
  lastSnapshot: MetricsSnapshot = [];
  readonly #worker: Worker;
  readonly #collections = new Questions<MetricsSnapshot>();
  readonly #exchanges = new Set<Exchange>();
  #fault: Error | undefined;

  constructor(boot: WorkerBoot, events: WorkerEvents) {
    this.index = boot.index;
    this.heartbeat = new Heartbeat(boot.heartbeats, boot.index);
    this.heartbeat.reset();
    this.#worker = new Worker(entry, { workerData: boot, name: `pdp-${boot.index}` });
    this.#worker.on('message', (message: FromWorker) => {
      if (message.kind === 'collected') this.#collections.settle(message.id, message.snapshot);
      for (const exchange of this.#exchanges) if (exchange.isAnswer(message)) exchange.resolve(message);
      events.onMessage(this, message);
    });
    this.#worker.on('error', (fault: Error) => {
      this.#fault = fault;
    });
    this.#worker.on('exit', () => {
      for (const exchange of this.#exchanges)
        exchange.reject(this.#fault ?? new Error('the worker has ended'));
      events.onEnd(this, this.#fault);
    });
  }

  send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** Undefined when the bundle serves there, else why it could not. Rejects when the worker ends before. */
  async load(bundle: LoadedBundle): Promise<string | undefined> {
    const { digest } = bundle.compiled;
    const answer = await this.#exchange(
      { kind: 'load', bundle },
      (message) => (message.kind === 'loaded' || message.kind === 'failed') && message.bundle === digest,
    );
    if (answer.kind === 'failed') return answer.message;
    this.bundle = digest;
    return undefined;
  }

  /** The port. Rejects when the worker ends before it listens. */
  async listen(address: ListenAddress): Promise<number> {
    const answer = await this.#exchange({ kind: 'listen', address }, ({ kind }) => kind === 'listening');
    return answer.kind === 'listening' ? answer.port : 0;
  }

  async collect(): Promise<MetricsSnapshot> {
    this.lastSnapshot = await this.#collections.ask((id) => {
      this.send({ kind: 'collect', id });
    });
    return this.lastSnapshot;
  }

  async drain(): Promise<void> {
    await this.#exchange({ kind: 'drain' }, ({ kind }) => kind === 'drained');
  }

  /** At once, whatever it does. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  /** Rejects when the worker ends before it answers. */
  async #exchange(message: ToWorker, isAnswer: Exchange['isAnswer']): Promise<FromWorker> {
    const { promise, resolve, reject } = Promise.withResolvers<FromWorker>();
    const exchange = { isAnswer, resolve, reject };
    this.#exchanges.add(exchange);
    this.send(message);
    try {
      return await promise;
    } finally {
      this.#exchanges.delete(exchange);
    }
  }
}

interface Exchange {
  readonly isAnswer: (message: FromWorker) => boolean;
  readonly resolve: (message: FromWorker) => void;
  readonly reject: (fault: Error) => void;
}
