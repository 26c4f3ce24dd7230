// From an opened bundle to what decides. Compiling is the slow half and gives plain data, which can be handed to other
// threads; an engine is then made of it in milliseconds, beside the one in use.

import {
  compilePolicy,
  Engine,
  inDisposableHost,
  splitPolicies,
  type CompiledPolicy,
  type EngineOptions,
} from '@cardea/engine';
import { contextFamilies, type CedarEntity } from '@cardea/schemas/cedar';
import { digestOf, type Digest } from '@cardea/schemas/digest';
import type { Catalog } from '@cardea/schemas/mcp';
import { BundleRefusal } from './open/bundleRefusal.ts';
import type { Manifest, Profile } from './open/manifest.ts';
import type { OpenedBundle } from './open/openBundle.ts';
import type { BundleSettings } from './open/project.ts';

/** Everything that a verdict needs. Structured cloning keeps it whole, the compiled module included. */
export interface CompiledBundle {
  readonly digest: Digest;
  readonly profile: Profile;
  readonly module: WebAssembly.Module;
  readonly policies: readonly CompiledPolicy[];
  readonly entities: readonly CedarEntity[];
  readonly catalogs: readonly Catalog[];
  readonly settings: BundleSettings;
}

/** What an engine is made of; its policies can be anywhere. */
export type DecidingParts = Pick<CompiledBundle, 'module' | 'entities' | 'profile'> &
  Pick<EngineOptions, 'policies'>;

/** Compiled engines by digest: most reloads change policies only. */
export class EngineModules {
  readonly #modules = new Map<Digest, WebAssembly.Module>();

  /** Throws BundleRefusal for bytes that are no engine. */
  async compile({ manifest, engineBytes }: OpenedBundle): Promise<WebAssembly.Module> {
    const known = this.#modules.get(manifest.engine.digest);
    if (known !== undefined) return known;
    const module = await compileEngine(engineBytes, manifest);
    const [oldest] = this.#modules.keys();
    if (oldest !== undefined && this.#modules.size >= modulesMax) this.#modules.delete(oldest);
    this.#modules.set(manifest.engine.digest, module);
    return module;
  }
}

const modulesMax = 3;

/** A new engine for this bundle, not yet warm. Throws BundleRefusal. */
export async function loadEngine(opened: OpenedBundle, modules?: EngineModules): Promise<Engine> {
  return makeEngine(await compileBundle(opened, modules));
}

export function makeEngine({ module, policies, entities, profile }: DecidingParts): Engine {
  return new Engine({ module, policies, entities, families: profile === 'mcp' ? contextFamilies : [] });
}

/** Throws BundleRefusal where the files do not compile, or not to what the manifest says. */
export async function compileBundle(
  opened: OpenedBundle,
  modules = new EngineModules(),
): Promise<CompiledBundle> {
  const { digest, manifest, entities, catalogs, settings } = opened;
  const module = await modules.compile(opened);
  const policies = compileFiles(module, opened);
  requireManifested(policies, manifest);
  return { digest, profile: manifest.profile, module, policies, entities, catalogs, settings };
}

async function compileEngine(bytes: Uint8Array, { engine }: Manifest): Promise<WebAssembly.Module> {
  try {
    const module = await WebAssembly.compile(bytes);
    const version = inDisposableHost(module, (host) => host.version);
    if (version !== engine.version) throw new Error(`it says that it is version ${version}`);
    return module;
  } catch (cause) {
    throw new BundleRefusal('bundle_unusable', `the engine ${engine.version} of this bundle does not run`, {
      cause,
    });
  }
}

function compileFiles(module: WebAssembly.Module, { policyFiles }: OpenedBundle): CompiledPolicy[] {
  const sources = policyFiles.flatMap(({ path, text }) => {
    const split = splitPolicies(text, path);
    if (split.kind === 'problem')
      throw new BundleRefusal('bundle_unusable', `${path}: ${split.problem.message}`);
    return split.policies;
  });
  return inDisposableHost(module, (host) =>
    sources.map((source) => {
      const result = compilePolicy(host, source);
      if (result.kind === 'compiled') return result.policy;
      throw new BundleRefusal('bundle_unusable', `${source.file}: ${result.problem.message}`);
    }),
  );
}

/** INVARIANT: guardrails were looked for in the manifest, so the manifest must not name policies that are not there. */
function requireManifested(policies: readonly CompiledPolicy[], manifest: Manifest): void {
  const ids = new Set(policies.map(({ id }) => id));
  const isListed = ({ id, text }: CompiledPolicy): boolean =>
    Object.hasOwn(manifest.policies, id) && manifest.policies[id] === digestOf(text);
  const isExact = ids.size === policies.length && ids.size === Object.keys(manifest.policies).length;
  if (isExact && policies.every(isListed)) return;
  throw new BundleRefusal('bundle_tampered', 'the policies are not those that the manifest lists');
}
