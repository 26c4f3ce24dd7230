// Policies against a schema, by Cedar's validator in its strict mode.
import { EngineFault, type CedarHost } from '@cardea/engine';
import type { Diagnostic } from '../report/diagnostic.ts';
import { describeErrors, type CedarError } from './cedarErrors.ts';
import type { ProjectPolicy } from './policyProject.ts';
import { writePolicySet } from './policySet.ts';
import type { Schema } from './schema.ts';
import type { TemplateLink } from './templateLinks.ts';

interface PolicyError {
  readonly policyId: string;
  readonly error: CedarError;
}

type Answer =
  | {
      readonly type: 'success';
      readonly validationErrors: readonly PolicyError[];
      readonly validationWarnings: readonly PolicyError[];
      readonly otherWarnings: readonly CedarError[];
    }
  | { readonly type: 'failure'; readonly errors: readonly CedarError[] };

export interface Validation {
  /** Errors before warnings. */
  readonly problems: readonly Diagnostic[];
  /** Warnings about the schema itself: the cedar command prints them and goes on. */
  readonly schemaWarnings: readonly Diagnostic[];
}

/** The policies have to have parsed. Every one is judged, and every error is listed. */
export function validatePolicies(
  host: CedarHost,
  schema: Schema,
  policies: readonly ProjectPolicy[],
  links: readonly TemplateLink[],
): Validation {
  const answer = ask(host, schema, writePolicySet(policies, links));
  const wholeSchema = {
    file: schema.file,
    start: 0,
    text: schema.json.startsWith('"') ? schema.file.text : '',
  };
  if (answer.type === 'failure') {
    return { problems: describeErrors(answer.errors, 'schema_invalid', wholeSchema), schemaWarnings: [] };
  }
  const byId = new Map(policies.map((policy) => [policy.id, policy]));
  for (const { id, template } of links) byId.set(id, template);
  const describe = (found: readonly PolicyError[], severity: Diagnostic['severity']): Diagnostic[] =>
    found.flatMap(({ policyId, error }) => {
      const policy = byId.get(policyId);
      if (policy === undefined) return [];
      const { file, start } = policy.place;
      return describeErrors([error], 'policy_invalid', { file, start, text: policy.text }, severity);
    });
  return {
    problems: [
      ...describe(answer.validationErrors, 'error'),
      ...describe(answer.validationWarnings, 'warning'),
    ],
    schemaWarnings: describeErrors(answer.otherWarnings, 'schema_warning', wholeSchema, 'warning'),
  };
}

function ask(host: CedarHost, schema: Schema, policySet: string): Answer {
  try {
    return JSON.parse(host.call('validate', `{"schema":${schema.json},"policies":${policySet}}`)) as Answer;
  } catch (fault) {
    if (!(fault instanceof EngineFault)) throw fault;
    const message = 'the engine failed while it validated; a condition is too large or nests too deeply';
    return { type: 'failure', errors: [{ message, help: null }] };
  }
}
