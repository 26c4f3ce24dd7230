// Publishing and rolling back 200 times while requests go on: none fails, each answer is that of the bundle it names,
// and in the end every worker has what is current.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signAuthority } from '@cardea/bundles/authority';
import type { Digest } from '@cardea/schemas/digest';
import { until } from '../../../pdp/test/testService.ts';
import { ServiceProcess } from '../service/serviceProcess.ts';
import { closedSources, openSources, TwoBundles, type Answer } from './twoBundles.ts';

const switches = 200;
const callers = 2;

/** Switches between two looks at the memory. */
const stretch = 40;

/** An engine that is kept takes 4 MB in each worker: of the switches after the first look not even one in ten is. */
const swingBytesMax = 96 * 1024 * 1024;

/** Requests that an idle service would answer in a second. */
const requestsMin = 1_000;

let bundles: TwoBundles;
let service: ServiceProcess;
const stop = new AbortController();
let signing: Promise<void>;

beforeAll(async () => {
  bundles = await TwoBundles.publish();
  const { archive } = bundles;
  const { signer, publisher } = archive.keys;
  signing = signAuthority(
    {
      archive: archive.archive,
      organisation: archive.trust.organisation,
      signer,
      publishers: [publisher.verifier],
      now: Date.now,
      onFault: () => undefined,
    },
    stop.signal,
  );
  service = await ServiceProcess.start(archive);
});

afterAll(async () => {
  await service.stop();
  stop.abort();
  await signing;
  await bundles.archive.remove();
});

describe('reloading', () => {
  it('switches 200 times under load without a failure', async () => {
    const { archive, open, closed } = bundles;
    const verdicts = new Map<string, string>([
      [open, 'allow'],
      [closed, 'hold'],
    ]);
    const load = new Load(() => bundles.ask(service));
    const rssBytes: number[] = [];
    for (let round = 1; round <= switches; round += 1) {
      const isOpen = round % 2 === 0;
      const target = await move(round, isOpen);
      verdicts.set(target, isOpen ? 'allow' : 'hold');
      await until(() => bundles.isServedEverywhere(service, target, 2));
      if (round % stretch === 0) rssBytes.push(await service.measureMemory());
    }
    await load.end();
    expect(load.failures).toBe(0);
    // Judged at the end: a new bundle can serve before whoever published it knows its name.
    for (const [bundle, seen] of load.seen) expect([bundle, ...seen]).toEqual([bundle, verdicts.get(bundle)]);
    expect([...load.seen.keys()].sort()).toEqual([...verdicts.keys()].sort());
    expect(load.requests).toBeGreaterThan(requestsMin);
    const [first = 0, last = Infinity] = [rssBytes[0], rssBytes.at(-1)];
    expect(last - first).toBeLessThan(swingBytesMax);

    /** Published anew, rolled back to, or never seen before, in turn. */
    async function move(round: number, isOpen: boolean): Promise<Digest> {
      const sources = isOpen ? openSources : closedSources;
      if (round % 10 < 2)
        return archive.publish({ ...sources, 'policies/note.cedar': `// the state of round ${round}\n` });
      if (round % 4 > 1) return archive.publish(sources);
      const target = isOpen ? open : closed;
      await archive.rollback(target);
      return target;
    }
  }, 180_000);

  it('ends with what is current in every worker, and nothing to complain of', async () => {
    const { archive, open } = bundles;
    await archive.rollback(open);
    await until(() => bundles.isServedEverywhere(service, open, 64));
    await until(async () => JSON.stringify((await service.get('/readyz')).body['problems']) === '[]');
    expect((await service.get('/readyz')).body).toMatchObject({ ready: true, bundle: open });
    expect(await service.readMetric('cardea_pdp_worker_replacements_total')).toBe(0);
    expect(service.events.filter(({ event }) => event === 'bundle_refused')).toEqual([]);
    expect(service.events.filter(({ event }) => event === 'bundle_loaded').length).toBeGreaterThan(switches);
  });
});

/** Callers that ask one after the other for as long as they are let. */
class Load {
  failures = 0;
  requests = 0;
  /** By bundle: the verdicts that came in its name. */
  readonly seen = new Map<string, Set<string>>();
  #isOn = true;
  readonly #callers: Promise<unknown>;

  constructor(ask: () => Promise<Answer | undefined>) {
    this.#callers = Promise.all(Array.from({ length: callers }, () => this.#run(ask)));
  }

  async end(): Promise<void> {
    this.#isOn = false;
    await this.#callers;
  }

  async #run(ask: () => Promise<Answer | undefined>): Promise<void> {
    while (this.#isOn) {
      const answer = await ask();
      this.requests += 1;
      if (answer === undefined) this.failures += 1;
      else this.#note(answer);
    }
  }

  #note({ bundle, verdict }: Answer): void {
    const seen = this.seen.get(bundle) ?? new Set();
    this.seen.set(bundle, seen.add(verdict));
  }
}
