// Runs the validator over a plan and gathers what it says, once per policy: the same mistake under a thousand tools is
// one mistake, and a warning counts only where it holds under every schema that the policy met.

import { characterOffset, type CedarHost } from '@cardea/engine';
import { sha256Hex, type Digest } from '@cardea/schemas/digest';
import { makeProblem, type BuildProblem, type CedarError } from './buildProblem.ts';
import type { SourcedPolicy } from './compilePolicies.ts';
import type { ValidatedPairs, ValidationCache } from './validationCache.ts';
import type { ValidationTask } from './validationPlan.ts';
import { judgePolicies, type Judgement } from './validator.ts';

export interface Validation {
  readonly problems: readonly BuildProblem[];
  /** Pairs without an error, known from this run or an earlier one. */
  readonly pairs: ValidatedPairs;
  /** How many pairs the engine had to look at. */
  readonly validated: number;
}

/** `engine` is the digest of the engine in `host`: another engine may judge otherwise. */
export function validatePolicies(
  host: CedarHost,
  engine: Digest,
  tasks: Iterable<ValidationTask>,
  cache: ValidationCache,
): Validation {
  const findings = new Map<SourcedPolicy, Findings>();
  const pairs = new Map<string, readonly CedarError[]>();
  let validated = 0;
  for (const { schemaText, policies } of tasks) {
    const start = sha256Hex(`${engine}\n${sha256Hex(schemaText)}`);
    const pairOf = ({ policy }: SourcedPolicy): string => sha256Hex(`${start}\n${policy.text}`);
    const fresh = policies.filter((policy) => cache.get(pairOf(policy)) === undefined);
    const judgements = judgePolicies(host, schemaText, fresh);
    validated += fresh.length;
    for (const policy of policies) {
      const pair = pairOf(policy);
      const judgement = judgements.get(policy) ?? { errors: [], warnings: cache.get(pair) ?? [] };
      if (judgement.errors.length === 0) pairs.set(pair, judgement.warnings);
      findingsOf(findings, policy).add(judgement);
    }
  }
  return { problems: [...findings.values()].flatMap((found) => found.problems()), pairs, validated };
}

function findingsOf(findings: Map<SourcedPolicy, Findings>, policy: SourcedPolicy): Findings {
  const known = findings.get(policy) ?? new Findings(policy);
  findings.set(policy, known);
  return known;
}

/** What was said of one policy under all its schemas. */
class Findings {
  readonly #policy: SourcedPolicy;
  readonly #errors = new Map<string, { readonly error: CedarError; count: number }>();
  readonly #warnings = new Map<string, { readonly error: CedarError; count: number }>();
  #schemas = 0;

  constructor(policy: SourcedPolicy) {
    this.#policy = policy;
  }

  add({ errors, warnings }: Judgement): void {
    this.#schemas += 1;
    count(this.#errors, errors);
    count(this.#warnings, warnings);
  }

  problems(): BuildProblem[] {
    const errors = [...this.#errors.values()];
    // Warnings of a policy that is wrong only follow from that.
    if (errors.length > 0) return errors.map((found) => addCount(this.#describe(found.error), found.count));
    const everywhere = [...this.#warnings.values()].filter((found) => found.count === this.#schemas);
    return everywhere.map(({ error }) => ({ ...this.#describe(error), severity: 'warning' }));
  }

  #describe(error: CedarError): BuildProblem {
    const { policy, source } = this.#policy;
    const place = error.sourceLocations?.[0] ?? { start: 0, end: 1 };
    const message = error.message.replace(`for policy \`${policy.id}\`, `, '');
    const problem = makeProblem('policy_invalid', message, {
      file: source.file,
      start: source.start + characterOffset(source.text, place.start),
      end: source.start + characterOffset(source.text, place.end),
    });
    return error.help == null ? problem : { ...problem, help: error.help };
  }
}

function count(
  found: Map<string, { readonly error: CedarError; count: number }>,
  errors: readonly CedarError[],
): void {
  for (const error of errors) {
    const place = error.sourceLocations?.[0];
    // The action that a message may name differs from schema to schema; the place does not.
    const sentence = error.message.replace(/ for [A-Za-z:]+::"(?:[^"\\]|\\.)*"/, '');
    const key = `${place?.start ?? 0} ${place?.end ?? 0} ${sentence}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { error, count: 1 });
    else known.count += 1;
  }
}

function addCount(problem: BuildProblem, times: number): BuildProblem {
  if (times === 1) return problem;
  const others = times === 2 ? 'one other action' : `${times - 1} other actions`;
  return { ...problem, message: `${problem.message}; so it is for ${others}` };
}
