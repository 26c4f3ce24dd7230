// A decision service over a workload, with its publisher and signer: three parts that know each other by an archive and
// by keys, as they would in production.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { loadInstalledEngine } from '@cardea/bundles';
import type { Trust } from '@cardea/bundles/open';
import { ChildProcess } from '../child/childProcess.ts';
import type { PublisherAnswer, PublisherQuestion } from './publisher.ts';
import type { ServiceAnswer, ServiceQuestion } from './service.ts';
import type { Workload } from './workload.ts';

/** From publication to service: statements come every second, and the archive is polled. */
const switchMsMax = 30_000;
const lookMs = 20;

/** Where a proxy asks for verdicts, and how it says who it is. */
export interface Endpoint {
  readonly url: string;
  readonly path: string;
  readonly token: string;
}

export interface AuthorityKeys {
  /** As notes write keys. */
  readonly publisherKey: string;
  readonly authorityKey: string;
  readonly trust: Omit<Trust, 'verifiers'>;
}

export interface Memory {
  readonly rssMb: number;
  readonly peakMb: number;
}

export class Deployment {
  readonly #token = randomBytes(24).toString('base64url');
  readonly #directory: string;
  readonly #publisher = ChildProcess.start<PublisherQuestion, PublisherAnswer>(
    new URL('./publisher.ts', import.meta.url),
  );
  readonly #published: Promise<PublisherAnswer>;
  readonly #workload: Workload;
  #service: ChildProcess<ServiceQuestion, ServiceAnswer> | undefined;
  #url = '';

  private constructor(directory: string, workload: Workload) {
    this.#directory = directory;
    this.#workload = workload;
    this.#published = this.#publisher.ask({ directory, workload });
    // Whoever starts the service hears of it.
    this.#published.catch(() => undefined);
  }

  /** Begins to publish; `start` waits for it. */
  static async prepare(workload: Workload): Promise<Deployment> {
    return new Deployment(await mkdtemp(join(tmpdir(), 'cardea-bench-')), workload);
  }

  /** Resolves when nothing is being published any more. */
  async settle(): Promise<void> {
    await this.#published;
  }

  /** The first start of all compiles the code for those that follow. */
  async rehearse(): Promise<void> {
    await this.start();
    await this.#service?.close();
  }

  /** A fresh process; resolves when it serves the bundle. */
  async start(): Promise<void> {
    const { publisherKey, authorityKey, trust } = await this.readAuthority();
    this.#service = ChildProcess.start(new URL('./main.ts', import.meta.url));
    const answer = await this.#service.ask({
      kind: 'start',
      directory: this.#directory,
      publisherKey,
      authorityKey,
      trust,
      callers: [
        {
          class: 'proxy',
          name: 'bench',
          servers: [...this.#workload.servers],
          tokenSha256: sha256(this.#token),
        },
      ],
    });
    if (answer.kind !== 'started') throw new Error('the service answered another question');
    this.#url = answer.url;
  }

  /** Where the archive is; it goes with the deployment. */
  get directory(): string {
    return this.#directory;
  }

  get endpoint(): Endpoint {
    return { url: this.#url, path: '/access/v1/evaluation', token: this.#token };
  }

  /** What whoever relies on the service checks its bundles and statements against. */
  async readAuthority(): Promise<AuthorityKeys> {
    const { publisherKey, authorityKey } = await this.#published;
    const { organisation, guardrails } = this.#workload;
    const { digest } = await loadInstalledEngine();
    const trust = { organisation, profile: 'mcp', engines: new Set([digest]), guardrails } as const;
    return { publisherKey, authorityKey, trust };
  }

  /** Publishes another workload of the same organisation; resolves when the service answers by it. */
  async switchTo(workload: Workload): Promise<void> {
    const { bundle } = await this.#publisher.ask({ directory: this.#directory, workload });
    const endMs = performance.now() + switchMsMax;
    while ((await this.#readCurrent()) !== bundle) {
      if (performance.now() > endMs) throw new Error('the service does not take up what was published');
      await delay(lookMs);
    }
  }

  async #readCurrent(): Promise<string> {
    const response = await fetch(`${this.#url}/v1/bundles/current`, {
      headers: { authorization: `Bearer ${this.#token}` },
    });
    return ((await response.json()) as { bundle: string }).bundle;
  }

  async readMemory(): Promise<Memory> {
    const answer = await this.#service?.ask({ kind: 'memory' });
    if (answer?.kind !== 'memory') throw new Error('the service is not running');
    return { rssMb: answer.rssBytes / megabyte, peakMb: answer.peakBytes / megabyte };
  }

  async close(): Promise<void> {
    await this.#service?.close();
    await this.#publisher.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

const megabyte = 1_000_000;

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
