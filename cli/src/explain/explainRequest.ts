// One request as the decision API takes it, decided and explained against a project.
import type { CompiledBundle } from '@cardea/bundles';
import type { CompiledPolicy, Engine, PolicyExplanation, Reason, Verdict } from '@cardea/engine';
import { showEntity } from '@cardea/schemas/cedar';
import { codes, type Code, Refusal } from '@cardea/schemas/codes';
import { formatPointer, parseStrictJson } from '@cardea/schemas/json';
import { evaluationSchema, readWire } from '@cardea/schemas/wire';
import { createMapping } from '@cardea/pdp/mapping';
import { Failure } from '../frame/failure.ts';
import type { SourceFile } from '../report/sourceFile.ts';

/** A path of the context that the verdict reads but cannot have, and who reads it. */
export interface MissingPath {
  readonly path: string;
  readonly policies: readonly string[];
}

export interface ExplainedRequest {
  /** Who, what and to which, as policies write them. */
  readonly request: readonly string[];
  readonly verdict: Verdict['kind'];
  readonly code: Code;
  readonly message: string;
  readonly reasons: readonly Reason[];
  readonly approvers: readonly string[];
  /** Families of facts to state. */
  readonly needs: readonly string[];
  readonly dependsOn: readonly string[];
  /** Where the policies could not be asked, why: their clauses would say nothing then. */
  readonly missing: readonly MissingPath[];
  readonly policies: readonly PolicyExplanation[];
}

/** Throws Failure for a file that is no such request, or that no caller could send. */
export function explainRequest(file: SourceFile, compiled: CompiledBundle, engine: Engine): ExplainedRequest {
  try {
    const evaluation = readWire(evaluationSchema, parseStrictJson(file.text));
    const mapped = createMapping(compiled).mapEvaluation(evaluation, author);
    if (mapped.kind === 'unknown') return unknownRequest(evaluation.resource.id);
    const { principal, action, resource } = mapped.request;
    const verdict = engine.decide(mapped.request);
    const { policies } = engine.explain(mapped.request);
    const missing = findMissing(verdict, policies, compiled.policies);
    return {
      request: [principal, action, resource].map(showEntity),
      ...describe(verdict),
      missing,
      policies: missing.length > 0 ? [] : policies,
    };
  } catch (refusal) {
    // The refusals of strict JSON and of the mapping alike.
    if (!(refusal instanceof Refusal)) throw refusal;
    throw new Failure(`${file.path}: ${refusal.message}`, `the service would refuse it as ${refusal.code}`);
  }
}

const author = { class: 'author', name: 'cardea policy explain' } as const;

const nothing = { reasons: [], approvers: [], needs: [], dependsOn: [], missing: [], policies: [] } as const;

function unknownRequest(resource: string): ExplainedRequest {
  const message = `${codes.unknown_tool.meaning} It was asked for ${JSON.stringify(resource)}.`;
  return { ...nothing, request: [], verdict: 'deny', code: 'unknown_tool', message };
}

function describe(verdict: Verdict): Omit<ExplainedRequest, 'request' | 'missing' | 'policies'> {
  const { kind, dependsOn } = verdict;
  const code = codeOf(verdict);
  const reasons = kind === 'needs' ? [] : verdict.reasons;
  const detail = kind === 'deny' && verdict.detail !== undefined ? ` ${verdict.detail}` : '';
  const stated = kind === 'allow' ? undefined : reasons.find(({ message }) => message)?.message;
  return {
    verdict: kind,
    code,
    message: stated ?? codes[code].meaning + detail,
    reasons,
    approvers: kind === 'hold' ? verdict.approvers : [],
    needs: kind === 'needs' ? verdict.families : [],
    dependsOn,
  };
}

function codeOf(verdict: Verdict): Code {
  switch (verdict.kind) {
    case 'allow':
      return 'allowed';
    case 'deny':
      return verdict.code;
    case 'hold':
      return 'held';
    case 'needs':
      return 'facts_needed';
  }
}

function findMissing(
  verdict: Verdict,
  explained: readonly PolicyExplanation[],
  compiled: readonly CompiledPolicy[],
): MissingPath[] {
  const candidates = new Set(
    explained.filter(({ outcome }) => outcome !== 'out_of_scope').map(({ policy }) => policy),
  );
  const readers = compiled.filter(({ id }) => candidates.has(id));
  return verdict.dependsOn
    .filter((path) => isMissing(path, verdict))
    .map((path) => ({
      path,
      policies: readers
        .filter(({ reads }) => reads.some((read) => overlaps(formatPointer(read.path), path)))
        .map(({ id }) => id)
        .sort(),
    }));
}

function isMissing(path: string, verdict: Verdict): boolean {
  if (verdict.kind === 'needs') {
    return verdict.families.some((family) => overlaps(path, formatPointer([family])));
  }
  if (verdict.kind !== 'deny' || verdict.code !== 'unrepresentable_value') return false;
  const pointer = verdict.detail?.replace(/: .*/s, '') ?? '';
  return overlaps(path, pointer);
}

/** One path is read with the other when either lies below it, or is it. */
function overlaps(one: string, other: string): boolean {
  return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);
}
