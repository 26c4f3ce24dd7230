// Keeps the workers supplied with what is current: the statement, the bundle that it names, the callers. It decides
// nothing itself, so nothing that it does delays a verdict.
import { setTimeout as delay } from 'node:timers/promises';
import {
  AuthorityReceiver,
  BundleKeeper,
  staleMsDefault,
  type AuthorityStatement,
} from '@cardea/bundles/authority';
import { isDigest } from '@cardea/schemas/digest';
import { callersSchema, readWire, type WireCaller } from '@cardea/schemas/wire';
import { resolveServiceLimits } from '../limits.ts';
import { collectGarbage } from '../serving/garbage.ts';
import type { Problem } from '../serving/state.ts';
import type { Log } from '../telemetry/log.ts';
import type { ServiceMeters } from '../telemetry/meters.ts';
import type { FromWorker, LoadedBundle, Question } from '../worker/messages.ts';
import { AuthorityWatch } from './authorityWatch.ts';
import { BundleLoader } from './bundleLoader.ts';
import { CallerFile } from './callerFile.ts';
import { Currency } from './currency.ts';
import { ManifestShelf } from './manifestShelf.ts';
import { MetricsBook } from './metricsBook.ts';
import { pollMsDefault, type DecisionServiceOptions } from './options.ts';
import type { WorkerHandle } from './workerHandle.ts';
import { WorkerPool } from './workerPool.ts';

export interface SupervisorOptions extends DecisionServiceOptions {
  readonly workers: number;
  readonly host: string;
  readonly log: Log;
  readonly meters: (supervisor: Supervisor) => ServiceMeters;
}

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #receiver: AuthorityReceiver;
  readonly #watch: AuthorityWatch;
  readonly #keeper: BundleKeeper<LoadedBundle>;
  readonly #pool: WorkerPool;
  readonly #meters: ServiceMeters;
  readonly #book: MetricsBook;
  readonly #manifests: ManifestShelf;
  readonly #callerFile: CallerFile | undefined;
  readonly #problems = new Map<string, Problem>();
  readonly #stop = new AbortController();
  readonly #currency: Currency;
  #isListening = false;
  #polling: Promise<unknown> = Promise.resolve();

  /** Throws RangeError for options out of range, Refusal for callers that are none, and what the floor store throws. */
  constructor(options: SupervisorOptions) {
    this.#options = options;
    const { source, trust, authority, callers, log } = options;
    const limits = resolveServiceLimits(options.limits);
    this.#meters = options.meters(this);
    this.#currency = new Currency({ staleMs: authority.staleMs ?? staleMsDefault, now: Date.now, log });
    this.#receiver = new AuthorityReceiver({ ...authority, organisation: trust.organisation, now: Date.now });
    this.#watch = new AuthorityWatch({
      source,
      receiver: this.#receiver,
      onAccepted: (statement, bytes) => {
        this.#accept(statement, bytes);
      },
      onRefused: (code, message) => {
        this.#meters.countStatement('refused', code);
        this.#report('authority', { code, message });
        log({ event: 'authority_refused', code, message });
      },
    });
    this.#pool = new WorkerPool({
      workers: options.workers,
      limits,
      boot: {
        tls: options.tls,
        publicUrl: options.publicUrl,
        metrics: options.metrics ?? true,
        traces: options.traces ?? false,
      },
      address: { host: options.host, port: options.port ?? 0, unixSocket: options.unixSocket },
      now: () => performance.now(),
      onMessage: (handle, message) => void this.#hear(handle, message),
      onReplaced: (worker, reason, message) => {
        this.#meters.countReplacement(reason);
        log({ event: 'worker_replaced', worker, reason, message });
      },
      onRetired: (snapshot) => {
        this.#book.retire(snapshot);
      },
    });
    this.#book = new MetricsBook(this.#pool, this.#meters);
    this.#manifests = new ManifestShelf(source, trust);
    const loader = new BundleLoader(source, trust);
    this.#keeper = new BundleKeeper({
      load: (digest) => loader.load(digest),
      deploy: (bundle) => this.#pool.deploy(bundle),
      onLoaded: (bundle) => {
        this.#tellAuthority();
        this.#meters.countLoad('loaded', 'ok');
        this.#report('bundle', undefined);
        log({ event: 'bundle_loaded', bundle });
        void collectGarbage();
      },
      onRefused: (bundle, code, message) => {
        this.#meters.countLoad('failed', code);
        this.#report('bundle', { code, message: `${bundle}: ${message}` });
        log({ event: 'bundle_refused', bundle, code, message });
      },
      onKept: () => {
        this.#report('bundle', undefined);
      },
    });
    if ('file' in callers) this.#callerFile = new CallerFile(callers.file);
    else this.#tellCallers(readWire(callersSchema, { callers }).callers);
  }

  get address(): string {
    const { host, tls } = this.#options;
    return `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${this.#pool.port}`;
  }

  get bundle(): string | undefined {
    return this.#pool.bundle;
  }

  get workers(): number {
    return this.#pool.size;
  }

  authorityLagMs(): number {
    return this.#receiver.lagMs();
  }

  /** Rejects where the callers file is not right, and where nobody can listen. */
  async start(): Promise<void> {
    const callers = await this.#callerFile?.poll();
    if (callers !== undefined) this.#tellCallers(callers);
    this.#pool.start();
    await this.#watch.poll();
    // Nobody is asked to wait for a bundle that will not come: without one the workers say that they are not ready.
    if (this.#receiver.current !== undefined) await this.#keeper.settle();
    await this.#pool.listen();
    // Apart, so that a slow archive delays no withdrawal of a token.
    this.#polling = Promise.all([
      this.#repeat(() => this.#watch.poll()),
      this.#repeat(() => this.#pollCallers()),
      this.#repeat(() => {
        this.#currency.check(this.#pool.bundle);
      }),
    ]);
    this.#isListening = true;
    this.#options.log({ event: 'listening', address: this.address });
  }

  async close(): Promise<void> {
    const { log } = this.#options;
    if (this.#isListening) log({ event: 'closing' });
    this.#stop.abort();
    await this.#polling;
    await this.#keeper.close();
    await this.#pool.close();
    if (this.#isListening) log({ event: 'closed' });
  }

  async #repeat(task: () => void | Promise<void>): Promise<void> {
    while (await this.#pause()) await task();
  }

  /** False when the service closes meanwhile. */
  async #pause(): Promise<boolean> {
    const { signal } = this.#stop;
    const pollMs = this.#options.pollMs ?? pollMsDefault;
    await delay(pollMs, undefined, { signal }).catch(() => undefined);
    return !signal.aborted;
  }

  async #pollCallers(): Promise<void> {
    if (this.#callerFile === undefined) return;
    const { log } = this.#options;
    const { path: file } = this.#callerFile;
    try {
      const callers = await this.#callerFile.poll();
      if (callers === undefined) return;
      this.#report('callers', undefined);
      log({ event: 'callers_loaded', file, callers: callers.length });
      this.#tellCallers(callers);
    } catch (fault) {
      const { message } = fault as Error;
      if (this.#problems.get('callers')?.message === message) return;
      this.#report('callers', { code: 'callers_refused', message });
      log({ event: 'callers_refused', file, message });
    }
  }

  #tellCallers(callers: readonly WireCaller[]): void {
    this.#pool.tell({ kind: 'callers', callers });
    if (this.#options.unixSocket === undefined || callers.some(({ socket }) => socket === true)) return;
    const message = 'no caller is marked "socket": true, so nobody is let in through the unix socket';
    this.#options.log({ event: 'socket_unused', message });
  }

  #accept(statement: AuthorityStatement, bytes: Uint8Array): void {
    this.#meters.countStatement('accepted', 'ok');
    this.#report('authority', undefined);
    this.#currency.accept(statement, bytes);
    this.#tellAuthority();
    this.#keeper.want(statement.bundle);
  }

  /** With each statement, and when another bundle has come into service. */
  #tellAuthority(): void {
    const authority = this.#currency.authorityFor(this.#pool.bundle);
    if (authority !== undefined) this.#pool.tell({ kind: 'authority', authority });
  }

  /** One problem for each subject; undefined when it is solved. */
  #report(subject: string, problem: Problem | undefined): void {
    if (problem === undefined && !this.#problems.has(subject)) return;
    if (problem === undefined) this.#problems.delete(subject);
    else this.#problems.set(subject, problem);
    this.#pool.tell({ kind: 'problems', problems: [...this.#problems.values()] });
  }

  async #hear(handle: WorkerHandle, message: FromWorker): Promise<void> {
    if (message.kind === 'log') this.#options.log(message.event);
    if (message.kind !== 'question') return;
    const value = await this.#answer(message.question).catch(() => undefined);
    handle.send({ kind: 'answer', id: message.id, value });
  }

  async #answer(question: Question): Promise<string | Uint8Array | undefined> {
    if (question.kind === 'scrape') return this.#book.write();
    return isDigest(question.digest) ? this.#manifests.read(question.digest) : undefined;
  }
}
