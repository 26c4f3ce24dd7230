// The workers of a service: as many as were asked for, each with the same bundle, whatever happens to one of them.
import { setTimeout as delay } from 'node:timers/promises';
import type { MetricsSnapshot } from '@cardea/telemetry/metrics';
import { requireFreePort } from '../http/listen.ts';
import type { ServiceLimits } from '../limits.ts';
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
  /** Why a worker was ended by the pool. */
  readonly #faults = new WeakMap<WorkerHandle, string>();
  #isOpen = false;
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
    return this.#bundle?.digest;
  }

  /** The workers come up by themselves; what they are told meanwhile waits for them. */
  start(): void {
    for (let index = 0; index < this.#options.workers; index += 1)
      this.#handles.set(index, this.#spawn(index));
    const checkMs = Math.ceil(this.#options.limits.decisionTimeoutMs / watchdogChecksPerTimeout);
    this.#timer = setInterval(() => {
      this.#findStuck();
    }, checkMs);
  }

  /** Resolves when every worker listens. Rejects where one cannot. */
  async listen(): Promise<void> {
    const { host, port } = this.#options.address;
    if (port !== 0) await requireFreePort(host, port);
    const [first, ...others] = this.#handles.values();
    if (first === undefined) throw new Error('no worker came up');
    // The first one finds the port that the others share.
    await this.#open(first);
    this.#isOpen = true;
    await Promise.all(others.map((handle) => this.#open(handle)));
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

  #spawn(index: number): WorkerHandle {
    const { boot, limits, onMessage, now } = this.#options;
    const handle = new WorkerHandle({ ...boot, index, limits, heartbeats: this.#heartbeats }, now(), {
      onMessage,
      onEnd: (ended, cause) => void this.#replace(ended, cause),
    });
    this.#running.add(handle);
    this.#catchUp(handle);
    return handle;
  }

  /** What was said before it was there. */
  #catchUp(handle: WorkerHandle): void {
    for (const message of this.#told.values()) handle.send(message);
  }

  async #open(handle: WorkerHandle): Promise<void> {
    if (handle.isListening) return;
    const { address, workers } = this.#options;
    const unixSocket = handle.index === 0 ? address.unixSocket : undefined;
    this.#port = await handle.listen({ ...address, port: this.#port, shared: workers > 1, unixSocket });
  }

  /** A bundle that serves elsewhere has to serve here: a worker where it does not is of no use. */
  async #bringUp(handle: WorkerHandle, bundle: LoadedBundle | undefined): Promise<void> {
    if (bundle === undefined || handle.bundle === bundle.digest) return;
    const fault = await handle.load(bundle).catch(() => undefined);
    if (fault === undefined) return;
    this.#faults.set(handle, fault);
    await handle.terminate();
  }

  async #replace(handle: WorkerHandle, cause: Error): Promise<void> {
    this.#running.delete(handle);
    if (this.#handles.get(handle.index) === handle) this.#handles.delete(handle.index);
    this.#watchdog.forget(handle.heartbeat);
    if (this.#isClosing) return;
    const reason = this.#stuck.delete(handle) ? 'stuck' : 'died';
    this.#options.onRetired(handle.lastSnapshot);
    this.#options.onReplaced(handle.index, reason, this.#faults.get(handle) ?? cause.message);
    // Where it fails, the end of that worker brings the next.
    if (await this.#mayReplace(handle)) await this.#revive(handle.index).catch(() => undefined);
  }

  /** False when the pool closes meanwhile. */
  async #mayReplace({ bornMs }: WorkerHandle): Promise<boolean> {
    if (this.#options.now() - bornMs < lifeMsMin) await delay(lifeMsMin);
    return !this.#isClosing;
  }

  async #revive(index: number): Promise<void> {
    const handle = this.#spawn(index);
    await this.#bringUp(handle, this.#bundle);
    if (this.#isOpen) await this.#open(handle);
    this.#handles.set(index, handle);
    // What happened while it came up.
    this.#catchUp(handle);
    await this.#bringUp(handle, this.#bundle);
    if (this.#isOpen) await this.#open(handle);
  }

  #findStuck(): void {
    for (const handle of this.#handles.values()) {
      if (!this.#watchdog.isStuck(handle.heartbeat) || this.#stuck.has(handle)) continue;
      this.#stuck.add(handle);
      void handle.terminate();
    }
  }
}
