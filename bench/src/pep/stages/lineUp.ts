// All that is compared, running beside each other and warm. Each has shown that it answers the same calls as the others
// with every number of connections.
import type { Contender } from '../contenders/contender.ts';
import type { Effort } from '../effort.ts';
import type { LoadGenerator } from '../load/generator.ts';
import type { Bounds, LoadResult } from '../load/load.ts';
import { openSession } from '../proxy/mcpSession.ts';
import type { Usage } from '../proxy/proxy.ts';
import type { ProxyProcess } from '../proxy/proxyProcess.ts';
import { listCalls, listHeaders, type Call } from '../workload/calls.ts';

/** The most first: what is compiled while many call is ready when one does. */
export const connectionCounts = [64, 16, 1] as const;

export interface LineUpOptions {
  readonly upstream: string;
  /** Sent to all that need no other: those that only pass on do not ask who calls. */
  readonly token: string;
  readonly warmUp: Effort['warmUp'];
}

const hotCalls = listCalls();

export class LineUp {
  readonly #generator: LoadGenerator;
  readonly #running: Running[] = [];
  readonly #unable: Record<string, string> = {};

  constructor(generator: LoadGenerator) {
    this.#generator = generator;
  }

  /** By name, those that could not be run here, and why. */
  get unable(): Readonly<Record<string, string>> {
    return this.#unable;
  }

  get running(): readonly Running[] {
    return this.#running;
  }

  /** Rejects where one cannot be run that has to be. */
  async add(contenders: readonly Contender[], options: LineUpOptions): Promise<void> {
    const starts = contenders.map((contender) => start(contender, options));
    const started = await Promise.allSettled(starts);
    for (const [at, outcome] of started.entries()) {
      const contender = contenders[at] as Contender;
      if (outcome.status === 'fulfilled') this.#running.push(outcome.value);
      else this.#exclude(contender, outcome.reason);
    }
    for (const one of [...this.#running]) {
      try {
        await this.#warmUp(one, options.warmUp);
      } catch (fault) {
        this.#running.splice(this.#running.indexOf(one), 1);
        await one.process?.close();
        this.#exclude(one.contender, fault);
      }
    }
  }

  async #warmUp(one: Running, { calls, timeMsMax }: Effort['warmUp']): Promise<void> {
    const [most, ...others] = connectionCounts;
    await this.send(one, most, { timeMs: timeMsMax, callsMax: calls });
    for (const connections of others)
      await this.send(one, connections, { timeMs: timeMsMax, callsMax: connections });
  }

  /** Resolves with what the calls took, and what they cost the proxy. */
  async send(
    { contender, process, url, headers, calls }: Running,
    connections: number,
    bounds: Omit<Bounds, 'isFresh'>,
  ): Promise<Sent> {
    await this.#generator.open({ url, headers, connections, calls });
    const before = await process?.readUsage();
    const result = await this.#generator.run({ ...bounds, isFresh: contender.isFresh === true });
    const after = await process?.readUsage();
    return { ...result, cpuUs: spentOn(result.answers, before, after) };
  }

  async close(): Promise<void> {
    await Promise.all(this.#running.splice(0).map(async ({ process }) => process?.close()));
  }

  #exclude({ name, mayFail }: Contender, fault: unknown): void {
    if (mayFail !== true) throw fault;
    this.#unable[name] = fault instanceof Error ? fault.message : String(fault);
  }
}

export interface Running {
  readonly contender: Contender;
  readonly process: ProxyProcess | undefined;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly calls: readonly Call[];
}

export interface Sent extends LoadResult {
  /** Of the proxy's own process, for one call; NaN for no proxy. */
  readonly cpuUs: number;
}

async function start(contender: Contender, { upstream, token }: LineUpOptions): Promise<Running> {
  const process = await contender.start(upstream);
  const url = process?.url ?? upstream;
  const headers = listHeaders(contender.token ?? token);
  const running = { contender, process, url, headers, calls: contender.calls ?? hotCalls };
  if (contender.hasSessions !== true) return running;
  try {
    return { ...running, headers: await openSession(url, headers) };
  } catch (fault) {
    await process?.close();
    throw fault;
  }
}

function spentOn(calls: number, before: Usage | undefined, after: Usage | undefined): number {
  return before === undefined || after === undefined ? NaN : (after.cpuUs - before.cpuUs) / calls;
}
