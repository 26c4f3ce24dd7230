// From a digest to something that workers can decide with: opened, verified, and compiled once for all of them.
import { compileBundle, EngineModules } from '@cardea/bundles';
import { openBundle, type BundleSource, type OpenedBundle, type Trust } from '@cardea/bundles/open';
import type { Digest } from '@cardea/schemas/digest';
import type { WireBundle } from '@cardea/schemas/wire';
import type { LoadedBundle } from '../worker/messages.ts';

export class BundleLoader {
  readonly #source: BundleSource;
  readonly #trust: Trust;
  readonly #modules = new EngineModules();

  constructor(source: BundleSource, trust: Trust) {
    this.#source = source;
    this.#trust = trust;
  }

  /** Throws BundleRefusal; whatever was in service stays there. */
  async load(digest: Digest): Promise<LoadedBundle> {
    const opened = await openBundle(this.#source, digest, this.#trust);
    return { compiled: await compileBundle(opened, this.#modules), summary: summarise(opened) };
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
    counters: settings.counters.map((counter) => ({ ...counter })),
  };
}
