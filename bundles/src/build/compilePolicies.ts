// Compiles every policy in an instance of the engine that is thrown away afterwards: text that nobody vetted yet can
// kill the one it is parsed in.

import {
  compilePolicy,
  inDisposableHost,
  type CompiledPolicy,
  type CompileResult,
  type PolicySource,
} from '@cardea/engine';
import { isPolicyId } from '../open/manifest.ts';
import { makeProblem, type BuildProblem } from './buildProblem.ts';

/** A policy and where it stands. */
export interface SourcedPolicy {
  readonly policy: CompiledPolicy;
  readonly source: PolicySource;
}

export interface Compilation {
  /** In the order of their sources. */
  readonly policies: readonly SourcedPolicy[];
  readonly problems: readonly BuildProblem[];
}

export function compilePolicies(module: WebAssembly.Module, sources: readonly PolicySource[]): Compilation {
  const problems: BuildProblem[] = [];
  const byId = new Map<string, SourcedPolicy>();
  const results = inDisposableHost(module, (host) => sources.map((source) => compilePolicy(host, source)));
  for (const [index, result] of results.entries()) {
    const source = sources[index] as PolicySource;
    const problem = problemOf(result, source, byId);
    if (problem !== undefined) problems.push(problem);
    else if (result.kind === 'compiled') byId.set(result.policy.id, { policy: result.policy, source });
  }
  return { policies: [...byId.values()], problems };
}

function problemOf(
  result: CompileResult,
  source: PolicySource,
  earlier: ReadonlyMap<string, SourcedPolicy>,
): BuildProblem | undefined {
  if (result.kind === 'problem') return { severity: 'error', ...result.problem };
  const { id } = result.policy;
  const place = placeOf(source, '@id');
  if (!isPolicyId(id)) return makeProblem('id_missing', 'an id is a line of at most 256 characters', place);
  const first = earlier.get(id);
  if (first === undefined) return undefined;
  return makeProblem(
    'id_duplicate',
    `${JSON.stringify(id)} is the id of a policy in ${first.source.file}`,
    place,
  );
}

/** Where a piece of text stands first in a policy; the policy's beginning where it does not. */
export function placeOf(source: PolicySource, text: string): { file: string; start: number; end: number } {
  const at = source.text.indexOf(text);
  const start = source.start + Math.max(0, at);
  return { file: source.file, start, end: start + (at < 0 ? 1 : text.length) };
}
