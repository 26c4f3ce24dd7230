// From sources to a bundle: parse, compile, find unknown names, validate, demand the guardrails, and only then name
// the result. The same sources give the same digest on every machine and in any order.

import { inDisposableHost } from '@cardea/engine';
import { digestOf, type Digest } from '@cardea/schemas/digest';
import type { EngineFile } from '../engineFile.ts';
import { bundleFormat, semantics, writeManifest, type Manifest } from '../open/manifest.ts';
import type { Guardrails } from '../open/trust.ts';
import { sortProblems, type BuildProblem } from './buildProblem.ts';
import { compilePolicies, type SourcedPolicy } from './compilePolicies.ts';
import { requireGuardrails } from './guardrails.ts';
import { parseSources, type ParsedSources } from './parseSources.ts';
import { preparePlain } from './plainSources.ts';
import type { SourceTree } from './sourceTree.ts';
import { findUnknownNames } from './unknownNames.ts';
import { validatePolicies } from './validatePolicies.ts';
import { NoValidationCache, type ValidationCache } from './validationCache.ts';
import { planValidation, type ValidationTask } from './validationPlan.ts';

export interface BuildOptions {
  readonly engine: EngineFile;
  readonly guardrails: Guardrails;
  readonly cache?: ValidationCache;
}

export interface BuiltBundle {
  readonly digest: Digest;
  readonly manifest: Manifest;
  readonly manifestBytes: Uint8Array;
  /** Every file of the bundle and the engine, by digest. */
  readonly blobs: ReadonlyMap<Digest, Uint8Array>;
  /** The files as the bundle holds them, by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export type BuildResult =
  | { readonly kind: 'built'; readonly bundle: BuiltBundle; readonly warnings: readonly BuildProblem[] }
  | { readonly kind: 'refused'; readonly problems: readonly BuildProblem[] };

/** Problems are sorted; warnings are among them where there are errors. Throws only for faults of the machine. */
export async function buildBundle(sources: SourceTree, options: BuildOptions): Promise<BuildResult> {
  const result = parseSources(sources);
  if (result.kind === 'refused') return refuse(result.problems);
  const { parsed } = result;
  const { policies, problems } = compilePolicies(options.engine.module, parsed.policySources);
  const unknown = findUnknownNames(policies, parsed);
  if (problems.length + unknown.length > 0) return refuse([...problems, ...unknown]);
  const checked = await check(sources, parsed, { ...options, policies });
  if (checked.kind === 'refused') return checked;
  const bundle = assemble(checked.files, parsed, { ...options, policies });
  const missing = requireGuardrails(bundle.manifest, options.guardrails, policies);
  if (missing.length > 0) return refuse(missing);
  return { kind: 'built', bundle, warnings: sortProblems(checked.warnings) };
}

type Compiled = BuildOptions & { readonly policies: readonly SourcedPolicy[] };

type Checked =
  | {
      readonly kind: 'checked';
      readonly files: SourceTree['files'];
      readonly warnings: readonly BuildProblem[];
    }
  | { readonly kind: 'refused'; readonly problems: readonly BuildProblem[] };

/** What the engine says of it: schema and entities where there are any, and each policy under its schemas. */
async function check(sources: SourceTree, parsed: ParsedSources, compiled: Compiled): Promise<Checked> {
  const { engine, policies, cache = new NoValidationCache() } = compiled;
  const { schemaText, entities } = parsed;
  const files = new Map(sources.files);
  let plan: Iterable<ValidationTask>;
  if (schemaText === undefined) {
    const counters = parsed.project.settings.counters.map(({ name }) => name);
    plan = planValidation(policies, { catalogs: parsed.catalogs, counters });
  } else {
    const plain = inDisposableHost(engine.module, (host) => preparePlain(host, schemaText, entities));
    if (plain.kind === 'refused') return refuse(plain.problems);
    files.set('entities.json', plain.entities);
    plan = [{ schemaText, policies }];
  }
  const { problems, pairs } = inDisposableHost(engine.module, (host) =>
    validatePolicies(host, engine.digest, plan, cache),
  );
  await cache.replace(pairs);
  if (problems.some(({ severity }) => severity === 'error')) return refuse(problems);
  return { kind: 'checked', files, warnings: problems };
}

function assemble(files: SourceTree['files'], { project }: ParsedSources, compiled: Compiled): BuiltBundle {
  const { engine, policies } = compiled;
  const digests = [...files].map(([path, bytes]): [string, Digest] => [path, digestOf(bytes)]);
  const manifest: Manifest = {
    format: bundleFormat,
    organisation: project.organisation,
    profile: project.profile,
    semantics,
    engine: { version: engine.version, digest: engine.digest },
    files: Object.fromEntries(digests),
    policies: Object.fromEntries(policies.map(({ policy }) => [policy.id, digestOf(policy.text)])),
  };
  const manifestBytes = writeManifest(manifest);
  const blobs = new Map([...files.values()].map((bytes) => [digestOf(bytes), bytes]));
  blobs.set(engine.digest, engine.bytes);
  return { digest: digestOf(manifestBytes), manifest, manifestBytes, blobs, files };
}

function refuse(problems: readonly BuildProblem[]): { kind: 'refused'; problems: readonly BuildProblem[] } {
  return { kind: 'refused', problems: sortProblems(problems) };
}
