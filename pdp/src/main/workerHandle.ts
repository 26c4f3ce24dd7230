// One worker, as its supervisor sees it.
import { Worker } from 'node:worker_threads';
import type { MetricsSnapshot } from '@cardea/telemetry/metrics';
import { Heartbeat } from '../worker/heartbeat.ts';
import type { FromWorker, ListenAddress, LoadedBundle, ToWorker, WorkerBoot } from '../worker/messages.ts';
import { Questions } from '../worker/questions.ts';

const entry = new URL('../worker/main.ts', import.meta.url);

/** What a request leaves behind is small and short-lived: more room costs memory, less of it a tenth of the speed. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

export interface WorkerEvents {
  readonly onMessage: (handle: WorkerHandle, message: FromWorker) => void;
  /** It has ended, wanted or not. */
  readonly onEnd: (handle: WorkerHandle, cause: Error) => void;
}

export class WorkerHandle {
  readonly index: number;
  readonly heartbeat: Heartbeat;
  readonly bornMs: number;
  isListening = false;
  /** What it decides with. */
  bundle: string | undefined;
  /** What it has counted, as far as it was last asked. */
  lastSnapshot: MetricsSnapshot = [];
  readonly #worker: Worker;
  readonly #collections = new Questions<MetricsSnapshot>();
  readonly #exchanges = new Set<Exchange>();
  #ended: Error | undefined;

  constructor(boot: WorkerBoot, bornMs: number, events: WorkerEvents) {
    this.bornMs = bornMs;
    this.index = boot.index;
    this.heartbeat = new Heartbeat(boot.heartbeats, boot.index);
    this.heartbeat.reset();
    this.#worker = new Worker(entry, { workerData: boot, resourceLimits, name: `pdp-${boot.index}` });
    this.#worker.on('message', (message: FromWorker) => {
      if (message.kind === 'collected') this.#collections.settle(message.id, message.snapshot);
      for (const exchange of this.#exchanges) if (exchange.isAnswer(message)) exchange.resolve(message);
      events.onMessage(this, message);
    });
    let fault: Error | undefined;
    this.#worker.on('error', (cause: Error) => {
      fault = cause;
    });
    this.#worker.on('exit', () => {
      this.#ended = fault ?? new Error('the worker has ended');
      for (const exchange of this.#exchanges) exchange.reject(this.#ended);
      events.onEnd(this, this.#ended);
    });
  }

  send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** Undefined when the bundle serves there, else why it could not. Rejects when the worker ends before. */
  async load(bundle: LoadedBundle): Promise<string | undefined> {
    const { digest } = bundle;
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
    this.isListening = true;
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
    if (this.#ended !== undefined) throw this.#ended;
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
