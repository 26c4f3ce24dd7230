// Cedar itself as the judge of what the mapper makes: the published engine with its validator.

import type { CedarEntity, CedarRecord } from '@cardea/schemas/cedar';
import type { AuthorizationAnswer, CedarValueJson, DetailedError } from '@cedar-policy/cedar-wasm/nodejs';
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';

/** The errors of a schema, none if it is one. */
export function schemaErrors(schema: string): string[] {
  const answer = cedar.checkParseSchema(schema);
  return answer.type === 'success' ? [] : answer.errors.map(describe);
}

/** What the validator finds wrong with the policies, by policy and in full. */
export function policyErrors(schema: string, policies: Record<string, string>): string[] {
  const answer = cedar.validate({ schema, policies: { staticPolicies: policies } });
  if (answer.type === 'failure') return answer.errors.map(describe);
  return [...answer.validationErrors, ...answer.validationWarnings].map(
    ({ policyId, error }) => `${policyId}: ${describe(error)}`,
  );
}

export interface ToolCall {
  readonly schema: string;
  readonly tool: string;
  readonly input: CedarRecord;
  readonly entities: readonly CedarEntity[];
  readonly policies: Record<string, string>;
}

/** Evaluates the call with its request validated against the schema. */
export function judge({ schema, tool, input, entities, policies }: ToolCall): AuthorizationAnswer {
  return cedar.isAuthorized({
    principal: { type: 'Person', id: 'ann' },
    action: { type: 'Action', id: tool },
    resource: { type: 'Tool', id: tool },
    context: { input: input as unknown as CedarValueJson, ...facts },
    schema,
    validateRequest: true,
    policies: { staticPolicies: policies },
    // The schema has the actions.
    entities: entities.filter(({ uid }) => uid.type !== 'Action') as never,
  });
}

const instant = { __extn: { fn: 'datetime', arg: '2030-01-01' } };

export const facts = {
  agent: { __entity: { type: 'Agent', id: 'assistant' } },
  grant: {
    id: 'grant',
    servers: [{ __entity: { type: 'Server', id: 'sample' } }],
    tools: [],
    effects: ['read'],
    expires: instant,
  },
  session: { id: 'session', ageHours: 1, ageSeconds: 1, idleSeconds: 1 },
  request: {
    time: instant,
    address: { __extn: { fn: 'ip', arg: '10.0.0.1' } },
    client: 'editor',
    protocol: '2025-11-25',
  },
  usage: { hour: 1 },
  findings: { secrets: [], personal: [], injection: [] },
  approvals: { policies: [], people: [] },
};

function describe(error: DetailedError): string {
  return [error.message, error.help].filter((part) => part !== null).join('; ');
}
