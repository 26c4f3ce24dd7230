// Cedar's validator for batches of policies. A policy that kills the engine is found, blamed and survived.

import { EngineFault, type CedarHost } from '@cardea/engine';
import type { CedarError } from './buildProblem.ts';
import type { SourcedPolicy } from './compilePolicies.ts';

/** What it said of one policy under one schema. */
export interface Judgement {
  readonly errors: readonly CedarError[];
  readonly warnings: readonly CedarError[];
}

interface PolicyError {
  readonly policyId: string;
  readonly error: CedarError;
}

type Answer =
  | {
      readonly type: 'success';
      readonly validationErrors: readonly PolicyError[];
      readonly validationWarnings: readonly PolicyError[];
    }
  | { readonly type: 'failure'; readonly errors: readonly CedarError[] };

/** Policies in one call: its answer is held whole in the engine's memory. */
const policiesAtOnce = 500;

/** In strict mode. INVARIANT: the policies compile and the schema parses; a failure to parse is thrown. */
export function judgePolicies(
  host: CedarHost,
  schemaText: string,
  policies: readonly SourcedPolicy[],
): Map<SourcedPolicy, Judgement> {
  const judgements = new Map<SourcedPolicy, Judgement>();
  for (let at = 0; at < policies.length; at += policiesAtOnce) {
    const batch = policies.slice(at, at + policiesAtOnce);
    for (const [policy, judgement] of judgeBatch(host, schemaText, batch)) judgements.set(policy, judgement);
  }
  return judgements;
}

function judgeBatch(
  host: CedarHost,
  schemaText: string,
  batch: readonly SourcedPolicy[],
): Iterable<[SourcedPolicy, Judgement]> {
  try {
    const answer = ask(host, schemaText, batch);
    const said = (of: SourcedPolicy, errors: readonly PolicyError[]): CedarError[] =>
      errors.flatMap(({ policyId, error }) => (policyId === of.policy.id ? [error] : []));
    return batch.map((policy) => [
      policy,
      { errors: said(policy, answer.validationErrors), warnings: said(policy, answer.validationWarnings) },
    ]);
  } catch (fault) {
    if (!(fault instanceof EngineFault)) throw fault;
    const [only, ...others] = batch;
    if (only === undefined) return [];
    if (others.length > 0) return batch.flatMap((policy) => [...judgeBatch(host, schemaText, [policy])]);
    const message = 'the engine cannot validate this policy; make its conditions smaller';
    return [[only, { errors: [{ message }], warnings: [] }]];
  }
}

function ask(
  host: CedarHost,
  schemaText: string,
  batch: readonly SourcedPolicy[],
): Extract<Answer, { type: 'success' }> {
  const staticPolicies = Object.fromEntries(batch.map(({ policy }) => [policy.id, policy.text]));
  const call = { validationSettings: { mode: 'strict' }, schema: schemaText, policies: { staticPolicies } };
  const answer = JSON.parse(host.call('validate', JSON.stringify(call))) as Answer;
  if (answer.type === 'success') return answer;
  throw new Error(`the validator could not begin: ${answer.errors[0]?.message ?? 'no reason given'}`);
}
