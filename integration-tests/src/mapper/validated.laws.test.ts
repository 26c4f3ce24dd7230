// What authors are promised by validation holds for what is decided: Cedar over the whole request, with the schema and
// `validateRequest`, and our engine, without a schema over the pruned context, give the same verdict.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { compilePolicy, Engine, inDisposableHost, type CompiledPolicy, type Verdict } from '@cardea/engine';
import type { CedarRecord } from '@cardea/schemas/cedar';
import { parseStrictJson, type JsonObject } from '@cardea/schemas/json';
import {
  inputType,
  mapArguments,
  readCatalog,
  toolEntities,
  toolSchemaText,
  type ToolDefinition,
} from '@cardea/schemas/mcp';
import fc from 'fast-check';
import { facts, judge, policyErrors } from './cedar.ts';
import { argumentsOf } from './samples.ts';

const inputSchema = {
  type: 'object',
  properties: {
    amount: { type: 'integer' },
    'ship-to': {
      type: 'object',
      properties: { city: { type: 'string' }, zip: { type: 'integer' } },
      required: ['city'],
    },
    currency: { enum: ['EUR', 'USD'] },
    price: { type: 'number' },
    due: { type: 'string', format: 'date-time' },
    host: { type: 'string', format: 'ipv4' },
    tags: { type: 'array', items: { type: 'string' } },
    free: {},
  },
  required: ['amount', 'ship-to'],
};

const catalog = readCatalog(
  parseStrictJson(
    JSON.stringify({
      server: { id: 'sample', owner: 'owners', risk: 'high', environment: 'test' },
      tools: [{ name: 'order', inputSchema, effect: 'write', review: 'approved' }],
    }),
  ),
);
const [order] = catalog.tools as [ToolDefinition];
const schema = toolSchemaText(order, { server: 'sample', counters: ['hour'], alsoActions: ['tools/list'] });
const type = inputType(order.inputSchema).type;
const module = new WebAssembly.Module(
  readFileSync(new URL('cedar_wasm_bg.wasm', import.meta.resolve('@cedar-policy/cedar-wasm'))),
);

const atom = fc.constantFrom(
  'context.input.amount > 0',
  'context.input.amount + 9223372036854775000 > 0',
  'context.input["ship-to"].city like "*e*"',
  'context.input["ship-to"] has zip && context.input["ship-to"].zip < 100',
  'context.input has currency && context.input.currency == "EUR"',
  'context.input has price && context.input.price.lessThan(decimal("1.0"))',
  'context.input has due && context.input.due < datetime("2024-01-01")',
  'context.input has host && context.input.host.isInRange(ip("10.0.0.0/8"))',
  'context.input has tags && context.input.tags.isEmpty()',
  'context has input.price',
  'resource in context.grant.servers',
  'context.grant.tools.contains(resource)',
  'resource.owner in Group::"owners"',
  'resource.approved && resource.effect == "write"',
  'context.agent has owner && context.agent.owner == principal',
  'context.usage.hour > 3',
  'context.request.address.isInRange(ip("10.0.0.0/8"))',
  'context.findings.secrets.isEmpty()',
  'context.approvals.people.contains(principal)',
  'principal.hasTag("team") && principal.getTag("team") == "red"',
  'principal is Person && principal in Group::"owners"',
  'action in Action::"write"',
);

const condition = fc.letrec<{ any: string }>((tie) => {
  const any = tie('any');
  return {
    any: fc.oneof(
      { depthSize: 'small' },
      atom,
      fc
        .tuple(any, fc.constantFrom('&&', '||'), any)
        .map(([left, op, right]) => `((${left}) ${op} (${right}))`),
      any.map((inner) => `!(${inner})`),
      fc.tuple(any, any, any).map(([test, yes, no]) => `(if ${test} then ${yes} else ${no})`),
    ),
  };
}).any;

const policy = fc
  .tuple(
    fc.constantFrom('permit', 'permit', 'forbid'),
    fc.constantFrom('action', 'action in Action::"sample"', 'action in [Action::"read", Action::"write"]'),
    fc.constantFrom('resource', 'resource is Tool', 'resource in Server::"sample"'),
    condition,
  )
  .map(
    ([effect, action, resource, body]) => `${effect} (principal, ${action}, ${resource}) when { ${body} };`,
  );

function compile(policies: Readonly<Record<string, string>>): CompiledPolicy[] {
  return inDisposableHost(module, (host) =>
    Object.entries(policies).map(([id, text]) => {
      const result = compilePolicy(host, { text, file: 'law.cedar', start: 0 }, id);
      if (result.kind === 'problem') throw new Error(result.problem.message);
      return result.policy;
    }),
  );
}

function decide(policies: Readonly<Record<string, string>>, input: CedarRecord): Verdict {
  const entities = toolEntities(catalog);
  const engine = new Engine({ module, policies: compile(policies), entities, families: Object.keys(facts) });
  return engine.decide({
    principal: { type: 'Person', id: 'ann' },
    action: { type: 'Action', id: 'sample/order' },
    resource: { type: 'Tool', id: 'sample/order' },
    context: { input, ...facts },
    entities: [],
    supplied: Object.keys(facts),
    approved: [],
  });
}

/** An undeclared type has no value in the schema: Cedar could not be given it, and no valid policy reads it. */
function representable(input: CedarRecord): CedarRecord {
  return Object.fromEntries(Object.entries(input).filter(([name]) => name !== 'free'));
}

describe('validated and pruned', () => {
  it('agree on every verdict, and on the policies that determine it', () => {
    const policies = fc
      .array(policy, { minLength: 1, maxLength: 4 })
      .map((texts) => Object.fromEntries(texts.map((text, at) => [`p${at}`, text])));
    fc.assert(
      fc.property(policies, argumentsOf(type), fc.boolean(), (set, args, free) => {
        const given = parseStrictJson(JSON.stringify(free ? { ...args, free: [null] } : args)) as JsonObject;
        const mapped = mapArguments(type, given, { open: false });
        if (mapped.kind === 'refused') throw new Error(mapped.message);
        // Warnings (a condition that is always true) are not errors; whatever is one would not be published.
        fc.pre(policyErrors(schema, set).every((problem) => /impossible|always/.test(problem)));
        const input = representable(mapped.input);
        const answer = judge({
          schema,
          tool: 'sample/order',
          input,
          entities: toolEntities(catalog),
          policies: set,
        });
        if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
        const { decision, diagnostics } = answer.response;
        const verdict = decide(set, mapped.input);
        const failedForbid = diagnostics.errors.some(
          ({ policyId }) => set[policyId]?.startsWith('forbid') === true,
        );
        expect(verdict.kind).toBe(failedForbid ? 'deny' : decision);
        if (!failedForbid && 'reasons' in verdict) {
          expect(verdict.reasons.map((reason) => reason.policy)).toEqual([...diagnostics.reason].sort());
        }
      }),
      { numRuns: 300, maxSkipsPerRun: 50 },
    );
  });
});
