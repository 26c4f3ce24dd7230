// The workers of a service: as many as were asked for, each with the same bundle, whatever happens to one of them.
import { setTimeout as delay } from 'node:timers/promises';
import { requireFreePort } from '../http/listen.ts';
import type { ServiceLimits } from '../limits.ts';
import type { MetricsSnapshot } from '../telemetry/metricsReader.ts';
import { allocateHeartbeats } from '../worker/heartbeat.ts';
import type { FromWorker, ListenAddress, LoadedBundle, ToWorker, WorkerBoot } from '../worker/messages.ts';
import { Watchdog } from './watchdog.ts';
import { WorkerHandle } from './workerHandle.ts';

export interface PoolOptions {
  readonly workers: number;
  readonly limits: ServiceLimits;
  readonly boot: Omit<WorkerBoot, 'index' | 'heartbeats' | 'limits'>;
  readonly address: Omit<ListenAddress, 'shared'>;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
  readonly onMessage: (handle: WorkerHandle, message: FromWorker) => void;
  readonly onReplaced: (index: number, reason: 'stuck' | 'died', message: string) => void;
  /** What a worker that is gone had counted. */
  readonly onRetired: (snapshot: MetricsSnapshot) => void;
}

/** A worker that dies sooner than this waits for its successor: a fault at start must not spin. */
const lifeMsMin = 1_000;

/** A stuck worker is found this much later than its time is up, at most. */
const watchdogChecksPerTimeout = 4;

export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #heartbeats: SharedArrayBuffer;
  readonly #watchdog: Watchdog;
  /** Those that serve, by index, and all that run. */
  readonly #handles = new Map<number, WorkerHandle>();
  readonly #running = new Set<WorkerHandle>();
  readonly #stuck = new Set<WorkerHandle>();
  /** The last message of each kind: what a new worker has to be told. */
  readonly #told = new Map<ToWorker['kind'], ToWorker>();
  #bundle: LoadedBundle | undefined;
  #port: number;
  #timer: NodeJS.Timeout | undefined;
  #isClosing = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#heartbeats = allocateHeartbeats(options.workers);
    this.#watchdog = new Watchdog(options.limits.decisionTimeoutMs, options.now);
    this.#port = options.address.port;
  }

  get port(): number {
    return this.#port;
  }

  get size(): number {
    return this.#handles.size;
  }

  get bundle(): string | undefined {
    return this.#bundle?.compiled.digest;
  }

  /** Resolves when every worker listens. Rejects where the first one cannot. */
  async start(): Promise<void> {
    const { host, port } = this.#options.address;
    if (port !== 0) await requireFreePort(host, port);
    // The first one finds the port that the others share.
    await this.#spawn(0);
    await Promise.all(
      Array.from({ length: this.#options.workers - 1 }, (_, index) => this.#spawn(index + 1)),
    );
    const checkMs = Math.ceil(this.#options.limits.decisionTimeoutMs / watchdogChecksPerTimeout);
    this.#timer = setInterval(() => {
      this.#findStuck();
    }, checkMs);
  }

  /** To all workers, and to those to come. */
  tell(message: Extract<ToWorker, { kind: 'authority' | 'callers' | 'problems' }>): void {
    this.#told.set(message.kind, message);
    for (const handle of this.#handles.values()) handle.send(message);
  }

  /**
   * Puts the bundle into service: in one worker first, so that a bundle which cannot be activated reaches no other.
   * Undefined when it serves, else why it does not.
   */
  async deploy(bundle: LoadedBundle): Promise<string | undefined> {
    const [first] = this.#handles.values();
    if (first !== undefined) {
      const fault = await first.load(bundle).catch(() => undefined);
      if (fault !== undefined) return fault;
    }
    this.#bundle = bundle;
    await Promise.all([...this.#handles.values()].map((handle) => this.#bringUp(handle, bundle)));
    return undefined;
  }

  /** What all workers have counted; of one that does not answer, what it last said. */
  async collect(): Promise<MetricsSnapshot[]> {
    return Promise.all(
      [...this.#handles.values()].map((handle) => handle.collect().catch(() => handle.lastSnapshot)),
    );
  }

  /** Lets what runs come to its end, within the time that there is for it. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#timer);
    const { drainTimeoutMs } = this.#options.limits;
    const drained = [...this.#handles.values()].map((handle) => handle.drain().catch(() => undefined));
    const late = new AbortController();
    await Promise.race([
      Promise.all(drained),
      delay(drainTimeoutMs + lifeMsMin, undefined, { signal: late.signal }).catch(() => undefined),
    ]);
    late.abort();
    await Promise.all([...this.#running].map((handle) => handle.terminate()));
  }

  async #spawn(index: number): Promise<void> {
    const { boot, limits, address, workers, onMessage } = this.#options;
    const bornMs = this.#options.now();
    const handle = new WorkerHandle(
      { ...boot, index, limits, heartbeats: this.#heartbeats },
      { onMessage, onEnd: (ended, fault) => void this.#replace(ended, fault, bornMs) },
    );
    this.#running.add(handle);
    for (const message of this.#told.values()) handle.send(message);
    if (this.#bundle !== undefined) await this.#bringUp(handle, this.#bundle);
    const unixSocket = index === 0 ? address.unixSocket : undefined;
    this.#port = await handle.listen({ ...address, port: this.#port, shared: workers > 1, unixSocket });
    this.#handles.set(index, handle);
    // What was said while it came up.
    for (const message of this.#told.values()) handle.send(message);
    if (this.#bundle !== undefined) await this.#bringUp(handle, this.#bundle);
  }

  /** A bundle that serves elsewhere has to serve here: a worker where it does not is of no use. */
  async #bringUp(handle: WorkerHandle, bundle: LoadedBundle): Promise<void> {
    if (handle.bundle === bundle.compiled.digest) return;
    const fault = await handle.load(bundle).catch(() => undefined);
    if (fault !== undefined) await handle.terminate();
  }

  async #replace(handle: WorkerHandle, fault: Error | undefined, bornMs: number): Promise<void> {
    this.#running.delete(handle);
    if (this.#handles.get(handle.index) === handle) this.#handles.delete(handle.index);
    this.#watchdog.forget(handle.heartbeat);
    if (this.#isClosing) return;
    const reason = this.#stuck.delete(handle) ? 'stuck' : 'died';
    this.#options.onRetired(handle.lastSnapshot);
    this.#options.onReplaced(handle.index, reason, fault?.message ?? 'the worker has ended');
    // Where it fails, the end of that worker brings the next.
    if (await this.#mayReplace(bornMs)) await this.#spawn(handle.index).catch(() => undefined);
  }

  /** False when the pool closes meanwhile. */
  async #mayReplace(bornMs: number): Promise<boolean> {
    if (this.#options.now() - bornMs < lifeMsMin) await delay(lifeMsMin);
    return !this.#isClosing;
  }

  #findStuck(): void {
    for (const handle of this.#handles.values()) {
      if (!this.#watchdog.isStuck(handle.heartbeat) || this.#stuck.has(handle)) continue;
      this.#stuck.add(handle);
      void handle.terminate();
    }
  }
}
