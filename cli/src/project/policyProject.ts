// The policies of any Cedar project: static ones and templates, with the ids that the cedar command gives them. A
// policy that a bundle could not hold is loaded all the same, with the reason.
import {
  compilePolicy,
  splitPolicies,
  type CedarHost,
  type CompiledPolicy,
  type PolicyProblem,
  type PolicySource,
} from '@cardea/engine';
import { Failure } from '../frame/failure.ts';
import { showPlace, type Diagnostic, type Place } from '../report/diagnostic.ts';
import type { SourceFile } from '../report/sourceFile.ts';
import { describeErrors } from './cedarErrors.ts';
import { parsePolicy } from './parsePolicy.ts';

export interface ProjectPolicy {
  readonly id: string;
  readonly kind: 'static' | 'template';
  readonly effect: 'permit' | 'forbid';
  readonly text: string;
  readonly place: Place;
  /** Absent for a template, and for a policy that the decision service refuses. */
  readonly compiled?: CompiledPolicy;
  /** What publishing would refuse. */
  readonly refusals: readonly PolicyProblem[];
}

export interface PolicyProject {
  readonly policies: readonly ProjectPolicy[];
  /** What is no Cedar policy at all, and ids that are given twice. */
  readonly problems: readonly Diagnostic[];
}

/** In one project. */
const policiesMax = 100_000;

/** `host` has to be disposable: text that was not vetted yet can kill it. */
export function loadPolicies(host: CedarHost, files: readonly SourceFile[]): PolicyProject {
  const policies: ProjectPolicy[] = [];
  const problems: Diagnostic[] = [];
  let count = 0;
  for (const file of files) {
    const split = splitPolicies(file.text, file.path);
    if (split.kind === 'problem') {
      problems.push(describeProblem(split.problem, file, 'error'));
      continue;
    }
    for (const source of split.policies) {
      // Cedar counts every policy and template of the set, named or not.
      const loaded = loadPolicy(host, { file, source, fallbackId: `policy${count}` });
      count += 1;
      if (Array.isArray(loaded)) problems.push(...loaded);
      else policies.push(loaded);
    }
    if (count > policiesMax) throw new Failure(`a project may hold ${policiesMax} policies`);
  }
  return { policies, problems: [...problems, ...findDuplicates(policies)] };
}

/** A problem of the engine's own vetting, as a diagnostic. */
export function describeProblem(
  problem: PolicyProblem,
  file: SourceFile,
  severity: Diagnostic['severity'],
): Diagnostic {
  const { code, message, help, start, end } = problem;
  return { severity, code, message, ...(help === undefined ? {} : { help }), place: { file, start, end } };
}

interface Loading {
  readonly file: SourceFile;
  readonly source: PolicySource;
  readonly fallbackId: string;
}

function loadPolicy(host: CedarHost, { file, source, fallbackId }: Loading): ProjectPolicy | Diagnostic[] {
  const { text, start } = source;
  const place: Place = { file, start, end: start + text.length };
  const refusals: PolicyProblem[] = [];
  let result = compilePolicy(host, source);
  if (result.kind === 'problem' && result.problem.code === 'id_missing') {
    refusals.push(result.problem);
    result = compilePolicy(host, source, fallbackId);
  }
  if (result.kind === 'compiled') {
    const { id, effect } = result.policy;
    return { id, kind: 'static', effect, text, place, compiled: result.policy, refusals };
  }
  refusals.push(result.problem);
  const parsed = parsePolicy(host, text);
  if (parsed.kind === 'errors') return describeErrors(parsed.errors, 'policy_syntax', { file, start, text });
  if (parsed.kind === 'fault') return [describeProblem(result.problem, file, 'error')];
  return { id: parsed.id ?? fallbackId, kind: parsed.kind, effect: parsed.effect, text, place, refusals };
}

function findDuplicates(policies: readonly ProjectPolicy[]): Diagnostic[] {
  const first = new Map<string, ProjectPolicy>();
  return policies.flatMap((policy): Diagnostic[] => {
    const earlier = first.get(policy.id);
    if (earlier === undefined) {
      first.set(policy.id, policy);
      return [];
    }
    return [
      {
        severity: 'error',
        code: 'id_duplicate',
        message: `the id ${JSON.stringify(policy.id)} is taken`,
        notes: [`by the policy at ${showPlace(earlier.place)}`],
        place: findId(policy),
      },
    ];
  });
}

/** The @id annotation, or the first character of a policy that has none. */
function findId({ text, place }: ProjectPolicy): Place {
  const found = /@id\s*\([^)]*\)/.exec(text);
  const start = place.start + (found?.index ?? 0);
  return { file: place.file, start, end: start + (found?.[0].length ?? 1) };
}
