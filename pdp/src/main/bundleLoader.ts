// From a digest to something that workers can decide with: opened and verified here, compiled once for all of them in
// a thread of its own.
import { Worker } from 'node:worker_threads';
import { EngineModules } from '@cardea/bundles';
import {
  BundleRefusal,
  openBundle,
  type BundleSource,
  type Counter,
  type OpenedBundle,
  type Trust,
} from '@cardea/bundles/open';
import type { Digest } from '@cardea/schemas/digest';
import type { WireBundle } from '@cardea/schemas/wire';
import type { CompilerAnswer, CompilerInput } from '../compiler/main.ts';
import type { PackedBundle } from '../compiler/packedBundle.ts';
import type { LoadedBundle } from '../worker/messages.ts';

const entry = new URL('../compiler/main.ts', import.meta.url);

/** Bundles that are kept ready: a digest names the same bytes for ever, and a rollback should not wait. */
const recentMax = 3;

/** What V8 takes for young objects it keeps for the next thread, and 10,000 policies would make that 50 MB. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

/** For all policies of a bundle; 20,000 take a few seconds. */
const compileTimeoutMs = 120_000;

export class BundleLoader {
  readonly #source: BundleSource;
  readonly #trust: Trust;
  readonly #modules = new EngineModules();
  readonly #recent = new Map<Digest, LoadedBundle>();

  constructor(source: BundleSource, trust: Trust) {
    this.#source = source;
    this.#trust = trust;
  }

  /** Throws BundleRefusal; whatever was in service stays there. */
  async load(digest: Digest): Promise<LoadedBundle> {
    const loaded = this.#recent.get(digest) ?? (await this.#open(digest));
    // Map order is recency: the first key is the one to go.
    this.#recent.delete(digest);
    this.#recent.set(digest, loaded);
    const [oldest] = this.#recent.keys();
    if (oldest !== undefined && this.#recent.size > recentMax) this.#recent.delete(oldest);
    return loaded;
  }

  async #open(digest: Digest): Promise<LoadedBundle> {
    const opened = await openBundle(this.#source, digest, this.#trust);
    const module = await this.#modules.compile(opened);
    const packed = await compile({ opened: { ...opened, engineBytes: new Uint8Array() }, module });
    return { digest, packed, summary: summarise(opened) };
  }
}

async function compile(input: CompilerInput): Promise<PackedBundle> {
  const compiler = new Worker(entry, { workerData: input, resourceLimits, name: 'pdp-compiler' });
  const timer = setTimeout(() => void compiler.terminate(), compileTimeoutMs);
  try {
    const answer = await new Promise<CompilerAnswer>((resolve, reject) => {
      compiler.once('message', resolve);
      compiler.once('error', reject);
      compiler.once('exit', () => {
        reject(new BundleRefusal('bundle_unusable', 'the policies could not be compiled in time'));
      });
    });
    if (answer.kind === 'compiled') return answer.packed;
    throw new BundleRefusal(answer.code, answer.message);
  } finally {
    clearTimeout(timer);
    await compiler.terminate();
  }
}

function summarise({ digest, manifest, settings }: OpenedBundle): WireBundle {
  const { organisation, profile, semantics, engine, policies } = manifest;
  return {
    bundle: digest,
    organisation,
    profile,
    semantics,
    engine,
    policies: Object.keys(policies).length,
    counters: settings.counters.map(writeCounter),
  };
}

function writeCounter({ sum, ...counter }: Counter): WireBundle['counters'][number] {
  return sum === undefined ? counter : { ...counter, sum: { ...sum, tools: [...sum.tools] } };
}
