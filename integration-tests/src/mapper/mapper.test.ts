// Whatever the mapper makes, Cedar takes: schemas parse, mapped requests validate, and policies on arguments are
// checked against the tool's own schema and fire.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CedarRecord } from '@cardea/schemas/cedar';
import { coreSchemaText, methodSchemaText, toExtensionValue, Unrepresentable } from '@cardea/schemas/cedar';
import type { JsonObject } from '@cardea/schemas/json';
import { parseStrictJson } from '@cardea/schemas/json';
import type { Catalog, ToolDefinition } from '@cardea/schemas/mcp';
import {
  inputType,
  mapArguments,
  proposeTool,
  readCatalog,
  toolEntities,
  toolSchemaText,
} from '@cardea/schemas/mcp';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ToolCall } from './cedar.ts';
import { judge, policyErrors, schemaErrors } from './cedar.ts';
import { argumentsOf, conditionsOn, sampleOf } from './samples.ts';

const folder = process.env['CARDEA_CATALOGS'] ?? '';
const files = folder === '' ? [] : readdirSync(folder).filter((file) => file.endsWith('.json'));

function readJson(value: unknown): JsonObject {
  return parseStrictJson(JSON.stringify(value), { bytesMax: 2 ** 24 }) as JsonObject;
}

function catalogOf(tools: readonly unknown[]): Catalog {
  const server = { id: 'sample', owner: 'owners', risk: 'high', environment: 'test' };
  return readCatalog({ server, tools: tools.map((tool) => proposeTool(readJson(tool))) });
}

function schemaOf(tool: ToolDefinition): string {
  return toolSchemaText(tool, {
    server: 'sample',
    counters: ['hour'],
    alsoActions: ['other/tool', 'tools/list'],
  });
}

function callOf(catalog: Catalog, tool: ToolDefinition, args: unknown): ToolCall {
  const mapped = mapArguments(inputType(tool.inputSchema).type, readJson(args), { open: false });
  if (mapped.kind === 'refused') throw new Error(`${mapped.pointer}: ${mapped.message}`);
  const { input } = mapped;
  return {
    schema: schemaOf(tool),
    tool: `sample/${tool.name}`,
    input,
    entities: toolEntities(catalog),
    policies: {},
  };
}

const order = catalogOf([
  {
    name: 'place-order',
    inputSchema: {
      type: 'object',
      properties: {
        amount: { type: 'integer' },
        'ship-to': { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
        currency: { enum: ['EUR', 'USD'] },
        price: { type: 'number' },
        due: { type: 'string', format: 'date-time' },
        within: { type: 'string', format: 'duration' },
        host: { type: 'string', format: 'ipv4' },
        tags: { type: 'array', items: { type: 'string' } },
        lines: { items: { properties: { id: { type: 'integer' } }, required: ['id'] } },
        'odd "name"': { type: 'boolean' },
        ['__proto__']: { type: 'string' },
        free: {},
      },
      required: ['amount', 'ship-to'],
    },
  },
]);
const [placeOrder] = order.tools as [ToolDefinition];

function onOrder(condition: string): Record<string, string> {
  return { p: `forbid (principal, action == Action::"sample/place-order", resource) when { ${condition} };` };
}

describe('schemas', () => {
  it('parse: the core, the methods, a tool of any name', () => {
    expect(schemaErrors(coreSchemaText)).toEqual([]);
    expect(schemaErrors(methodSchemaText({ counters: ['hour', 'per "day"'] }))).toEqual([]);
    const names = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(names, names, (name, property) => {
        const [tool] = catalogOf([
          { name, inputSchema: { properties: { [property]: { type: 'string' } } } },
        ]).tools;
        expect(schemaErrors(schemaOf(tool as ToolDefinition))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('policies', () => {
  it.each([
    'context.input.amount > 100',
    'context.input["ship-to"].city == "Rome"',
    'context.input has currency && context.input.currency == "EUR"',
    'context.input has price && context.input.price.greaterThan(decimal("9.99"))',
    'context.input has due && context.input.due > datetime("2024-01-01")',
    'context.input has within && context.input.within < duration("1h")',
    'context.input has host && context.input.host.isInRange(ip("10.0.0.0/8"))',
    'context.input has tags && context.input.tags.contains("urgent")',
    'context.input has lines && context.input.lines.contains({"id": 7})',
    'context.input has "odd \\"name\\"" && context.input["odd \\"name\\""]',
    'context.usage.hour > 20 && context.session.ageSeconds > 3600',
    'resource.owner in Group::"owners" && resource.effect == "destructive" && !resource.approved',
    'context.agent has owner && context.agent.owner == principal',
    'action in Action::"destructive" && resource in Server::"sample"',
    'context.grant.tools.contains(resource) || context.approvals.policies.contains("p")',
  ])('validate when they read %s', (condition) => {
    expect(policyErrors(schemaOf(placeOrder), onOrder(condition))).toEqual([]);
  });

  it.each([
    ['context.input.amuont > 100', /`input\.amuont`.*did you mean `amount`/],
    ['context.input["ship-to"].town == "Rome"', /town/],
    ['context.input.currency == "EUR"', /`currency`.*optional|unable to guarantee/],
    ['context.input.amount == "100"', /not compatible|types/],
    ['context.input.free == 1', /free/],
    ['context.input has free && context.input.free == 1', /impossible/],
    ['context.findingz.secrets.contains("aws")', /findingz/],
    ['context.usage.day > 1', /day/],
  ])('do not validate when they read %s', (condition, message) => {
    expect(policyErrors(schemaOf(placeOrder), onOrder(condition)).join('\n')).toMatch(message);
  });

  it('may mention actions of other slices', () => {
    const list = '[Action::"sample/place-order", Action::"other/tool", Action::"tools/list"]';
    const policies = { p: `forbid (principal, action in ${list}, resource);` };
    expect(policyErrors(schemaOf(placeOrder), policies)).toEqual([]);
  });
});

const names = fc.constantFrom('a', 'b', 'a-b', '', '__proto__', 'constructor', '0', 'if', '\u{1f600}');

const randomSchema = fc.letrec<{ schema: object }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 4 },
    fc.record({ type: fc.constantFrom('string', 'integer', 'number', 'boolean') }),
    fc.record({
      type: fc.constant('string'),
      format: fc.constantFrom('date', 'date-time', 'duration', 'ip'),
    }),
    fc.record({ enum: fc.array(fc.oneof(fc.string(), fc.integer()), { minLength: 1, maxLength: 2 }) }),
    fc.record({ type: fc.constant('array'), items: tie('schema') }),
    fc.record({
      properties: fc.dictionary(names, tie('schema')),
      required: fc.array(names, { maxLength: 3 }),
    }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }) }),
  ),
})).schema;

describe('mapped requests', () => {
  it('validate, whatever the arguments', () => {
    fc.assert(
      fc.property(argumentsOf(inputType(placeOrder.inputSchema).type), (args) => {
        expect(judge(callOf(order, placeOrder, args)).type).toBe('success');
      }),
      { numRuns: 200 },
    );
  });

  it('validate, whatever the schema', () => {
    const tool = fc.dictionary(names, randomSchema, { maxKeys: 4 }).chain((properties) => {
      const catalog = catalogOf([{ name: 'random', inputSchema: { type: 'object', properties } }]);
      const [random] = catalog.tools as [ToolDefinition];
      return argumentsOf(inputType(random.inputSchema).type).map((args) => callOf(catalog, random, args));
    });
    fc.assert(
      fc.property(tool, (call) => {
        expect(judge(call).type).toBe('success');
      }),
      { numRuns: 200 },
    );
  });

  it('hold extension values that Cedar constructs', () => {
    const value = fc.oneof(
      fc.tuple(fc.constant('decimal' as const), fc.double({ noNaN: true })),
      fc.tuple(fc.constant('decimal' as const), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
      fc.tuple(
        fc.constant('datetime' as const),
        fc.stringMatching(
          /^[0-9]{4}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{0,4})?(Z|[+-][0-2][0-9]:[0-5][0-9]))?$/,
        ),
      ),
      fc.tuple(
        fc.constant('duration' as const),
        fc.stringMatching(/^P([0-9]{1,8}W)?([0-9]{1,12}D)?(T([0-9]{1,14}H)?([0-9]{1,9}S)?)?$/),
      ),
      fc.tuple(fc.constant('ipaddr' as const), fc.oneof(fc.ipV4(), fc.ipV4Extended(), fc.ipV6())),
    );
    fc.assert(
      fc.property(value, ([name, given]) => {
        const made = toExtensionValue(name, given);
        if (made instanceof Unrepresentable) return;
        const constructed = `${made.__extn.fn}("${made.__extn.arg}")`;
        const policies = {
          p: `permit (principal, action, resource) when { ${constructed} == ${constructed} };`,
        };
        const answer = judge({
          ...callOf(order, placeOrder, { amount: 1, 'ship-to': { city: '' } }),
          policies,
        });
        expect(answer).toMatchObject({ type: 'success', response: { decision: 'allow' } });
      }),
      { numRuns: 1_000 },
    );
  });

  it('are refused by the validator when a value does not have its type', () => {
    const call = callOf(order, placeOrder, { amount: 1, 'ship-to': { city: 'Rome' } });
    const input: CedarRecord = { ...call.input, amount: 'one' };
    expect(judge({ ...call, input }).type).toBe('failure');
  });
});

if (files.length === 0) {
  describe('real catalogs', () => {
    it.skip('skipped: CARDEA_CATALOGS names no folder with tools/list answers', () => undefined);
  });
} else {
  describe.each(files)('the catalog in %s', (file) => {
    const answer = parseStrictJson(readFileSync(join(folder, file)), {
      bytesMax: 2 ** 24,
    }) as JsonObject;
    const catalog = catalogOf(answer['tools'] as readonly unknown[]);

    it('has a schema for each tool, against which its arguments validate', () => {
      for (const tool of catalog.tools) {
        expect(schemaErrors(schemaOf(tool))).toEqual([]);
        expect(judge(callOf(catalog, tool, sampleOf(inputType(tool.inputSchema).type))).type).toBe('success');
      }
    });

    it('lets a forbid on each argument of each tool validate and fire', () => {
      for (const tool of catalog.tools) {
        const call = callOf(catalog, tool, sampleOf(inputType(tool.inputSchema).type));
        const conditions = [...conditionsOn('context.input', call.input)];
        const policies = Object.fromEntries(
          conditions.map((condition, at) => [
            `p${at}`,
            `forbid (principal, action == Action::"${call.tool}", resource) when { ${condition} };`,
          ]),
        );
        expect(policyErrors(call.schema, policies)).toEqual([]);
        const judged = judge({ ...call, policies });
        const fired = judged.type === 'success' ? judged.response.diagnostics.reason : judged.errors;
        expect([...fired].sort()).toEqual(Object.keys(policies).sort());
      }
    });
  });
}
