import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadInstalledEngine } from '@cardea/bundles';
import { CedarHost, splitPolicies } from '@cardea/engine';
import type { JsonObject } from '@cardea/schemas/json';
import { readCatalog, toolSchemaText, type Catalog } from '@cardea/schemas/mcp';
import { describe, expect, it } from '@jest/globals';
import { formatPolicies } from '../project/formatPolicies.ts';
import { readTextFile } from '../project/inputFiles.ts';
import { readPreviousCatalog } from './previousCatalog.ts';
import { proposePolicies } from './proposePolicies.ts';
import { proposeReview } from './proposeReview.ts';
import { definitionKinds } from './definitionKind.ts';

const host = new CedarHost((await loadInstalledEngine()).module);
const [toolKind] = definitionKinds;

function catalogOf(tools: readonly JsonObject[]): Catalog {
  const server = { id: 'sample', owner: 'the "owners"', risk: 'high', environment: 'test' };
  return readCatalog({ server, tools: tools.map((tool) => proposeReview(toolKind, tool)) });
}

function layOut(catalog: Catalog): string {
  const file = { path: 'proposed.cedar', text: proposePolicies(catalog) };
  const result = formatPolicies(host, file, { lineWidth: 80, indentWidth: 2 });
  if (result.kind === 'problems') throw new Error(JSON.stringify(result.problems[0]));
  return result.text;
}

/** The commented examples as policies. */
function uncomment(text: string): string {
  const at = text.indexOf('// @id(');
  return at < 0 ? text : text.slice(0, at) + text.slice(at).replace(/^\/\/ ?/gm, '');
}

/** What the validator says of the policies that name this tool's action, and of the groups it is in. */
function validate(text: string, catalog: Catalog): unknown[] {
  const split = splitPolicies(text, 'proposed.cedar');
  if (split.kind === 'problem') throw new Error(split.problem.message);
  return catalog.tools.flatMap((tool) => {
    const action = `Action::${JSON.stringify(`${catalog.server.id}/${tool.name}`)}`;
    const about = split.policies.filter((policy) => policy.text.includes(action));
    const staticPolicies = Object.fromEntries(about.map((policy, index) => [`p${index}`, policy.text]));
    const schema = toolSchemaText(tool, { server: catalog.server.id, counters: [] });
    const answer = JSON.parse(
      host.call('validate', JSON.stringify({ schema, policies: { staticPolicies } })),
    ) as { validationErrors?: unknown[]; errors?: unknown[] };
    return [...(answer.validationErrors ?? []), ...(answer.errors ?? [])];
  });
}

const object = (properties: JsonObject, required: readonly string[] = []): JsonObject => ({
  type: 'object',
  properties,
  required,
});

describe('a proposed set of policies', () => {
  it('reads for one group, writes for another, and holds what cannot be undone', () => {
    const text = layOut(readPreviousCatalog('examples/quickstart/catalog/desk.json'));
    expect(text).toMatchSnapshot();
  });

  it('says nothing of effects that no tool has', () => {
    const text = layOut(catalogOf([{ name: 'read', inputSchema: {}, annotations: { readOnlyHint: true } }]));
    expect(text).not.toMatch(/write"|destructive/);
  });

  it('lets no name of the server out of its quotes or its comment', () => {
    const name = 'evil"\n@id("x") permit (principal, action, resource);\r\u2028//';
    const tools = [{ name, inputSchema: object({ [name]: { type: 'string' } }, [name]) }];
    const text = layOut(catalogOf(tools));
    const split = splitPolicies(text, 'proposed.cedar');
    expect(
      split.kind === 'split' && split.policies.map((policy) => /@id\("(.*)"\)/.exec(policy.text)?.[1]),
    ).toEqual(['sample-connect-and-list', 'sample-destructive', 'sample-destructive-calls-need-approval']);
    expect(validate(uncomment(text), catalogOf(tools))).toEqual([]);
  });

  it.each<[string, JsonObject, string | undefined]>([
    [
      'an amount before words',
      object({ a: { type: 'string' }, n: { type: 'integer' } }, ['a', 'n']),
      'context.input.n > 100',
    ],
    [
      'what is required before what is not',
      object({ a: { type: 'integer' }, b: { type: 'integer' } }, ['b']),
      'context.input.b > 100',
    ],
    [
      'what may be absent',
      object({ a: { type: 'integer' } }),
      'context.input has a && context.input.a > 100',
    ],
    [
      'no identifier',
      object({ 'a-b': { type: 'string' } }),
      'context.input has "a-b" && context.input["a-b"] like "*example*"',
    ],
    ['a word of Cedar', object({ in: { type: 'boolean' } }, ['in']), 'context.input["in"]'],
    ['number', object({ a: { type: 'number' } }, ['a']), 'context.input.a.greaterThan(decimal("100.0"))'],
    [
      'date-time',
      object({ a: { type: 'string', format: 'date-time' } }, ['a']),
      'context.input.a < datetime("2026-01-01")',
    ],
    [
      'duration',
      object({ a: { type: 'string', format: 'duration' } }, ['a']),
      'context.input.a > duration("1h")',
    ],
    [
      'address',
      object({ a: { type: 'string', format: 'ipv4' } }, ['a']),
      '!context.input.a.isInRange(ip("10.0.0.0/8"))',
    ],
    [
      'texts',
      object({ a: { type: 'array', items: { type: 'string' } } }, ['a']),
      'context.input.a.contains("example")',
    ],
    [
      'numbers',
      object({ a: { type: 'array', items: { type: 'integer' } } }, ['a']),
      '!context.input.a.isEmpty()',
    ],
    [
      'inside an object',
      object({ o: object({ a: { type: 'boolean' } }) }),
      'context.input has o && context.input.o has a && context.input.o.a',
    ],
    [
      'too deep inside',
      object({ o: object({ o: object({ o: object({ a: { type: 'string' } }) }) }) }),
      undefined,
    ],
    ['nothing to read', object({ a: { type: 'object' } }), undefined],
    ['nothing at all', {}, undefined],
  ])('finds an example that validates: %s', (_, inputSchema, condition) => {
    const catalog = catalogOf([{ name: 't', inputSchema }]);
    const text = uncomment(layOut(catalog));
    expect(text.includes('when {') ? /when \{ (.*) \};/.exec(text)?.[1] : undefined).toBe(condition);
    expect(validate(text, catalog)).toEqual([]);
  });

  const folder = process.env['CARDEA_CATALOGS'] ?? '';
  const files = folder === '' ? [] : readdirSync(folder).filter((file) => file.endsWith('.json'));

  (files.length === 0 ? it.skip : it)('validates for every real catalog, its examples included', () => {
    for (const file of files) {
      const { tools } = JSON.parse(readTextFile(join(folder, file)).text) as { tools: JsonObject[] };
      const catalog = catalogOf(tools);
      expect({ file, problems: validate(uncomment(layOut(catalog)), catalog) }).toEqual({
        file,
        problems: [],
      });
    }
  });
});
