import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CedarHost, splitPolicies } from '@cardea/engine';
import { readCatalog, type Catalog } from '@cardea/schemas/mcp';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { engine, stripe } from '../../test/sample.ts';
import { compilePolicies, type SourcedPolicy } from './compilePolicies.ts';
import { validatePolicies } from './validatePolicies.ts';
import { NoValidationCache, ValidationCacheFile, type ValidationCache } from './validationCache.ts';
import { planValidation } from './validationPlan.ts';

const compile = (text: string): readonly SourcedPolicy[] => {
  const split = splitPolicies(text, 'test.cedar');
  if (split.kind === 'problem') throw new Error(split.problem.message);
  const { policies, problems } = compilePolicies(engine.module, split.policies);
  if (problems.length > 0) throw new Error(problems[0]?.message);
  return policies;
};

const [refund] = stripe.tools;

/** A server whose tools differ in name, effect and their own argument. */
const catalogOf = (id: string, count: number): Catalog => {
  const effects = ['read', 'write', 'destructive'];
  const tools = Array.from({ length: count }, (_, at) => ({
    ...refund,
    name: `tool-${at}`,
    effect: effects[at % 3],
    inputSchema: { type: 'object', properties: { [`own${at}`]: { type: 'integer' } } },
  }));
  return readCatalog({ server: { ...stripe.server, id }, tools } as never);
};

const run = (
  text: string,
  catalogs: readonly Catalog[],
  cache: ValidationCache = new NoValidationCache(),
): ReturnType<typeof validatePolicies> =>
  validatePolicies(
    new CedarHost(engine.module),
    engine.digest,
    planValidation(compile(text), { catalogs, counters: ['hour'] }),
    cache,
  );

describe('planValidation', () => {
  const thousand = [catalogOf('one', 500), catalogOf('two', 500)];

  it.each([
    [
      'a policy on every tool',
      '@id("a") forbid (principal, action in Action::"tools/call", resource) when { context.usage.hour > 1 };',
      1,
    ],
    ['a policy on one effect', '@id("a") forbid (principal, action in Action::"write", resource);', 1],
    [
      'a policy on one server',
      '@id("a") forbid (principal, action, resource in Server::"one") when { context.usage.hour > 1 };',
      2,
    ],
    [
      'a policy that compares the effect',
      '@id("a") forbid (principal, action in Action::"tools/call", resource) when { action in Action::"write" };',
      2,
    ],
    [
      'a policy that compares server and effect',
      '@id("a") forbid (principal, action in Action::"tools/call", resource) unless { action in Action::"write" || action in Action::"one" };',
      4,
    ],
    [
      'a policy that names three tools',
      '@id("a") forbid (principal, action in [Action::"one/tool-1", Action::"one/tool-2", Action::"two/tool-3"], resource);',
      3,
    ],
    [
      'a policy that reads arguments',
      '@id("a") forbid (principal, action in Action::"one", resource) when { context.input has own7 && context.input.own7 > 1 };',
      500,
    ],
    [
      'a policy that reads the whole context',
      '@id("a") forbid (principal, action in Action::"one", resource) when { context == context };',
      500,
    ],
  ])('meets with %s no more schemas than differ for it', (_, text, schemas) => {
    const tasks = [...planValidation(compile(text), { catalogs: thousand, counters: ['hour'] })];
    expect(tasks).toHaveLength(schemas);
    expect(new Set(tasks.map((task) => task.schemaText)).size).toBe(schemas);
  });

  it('finds a mistake that only one tool of a thousand shows', () => {
    const text =
      '@id("a") forbid (principal, action in Action::"one", resource) when { context.input has own7 && context.input.own7 == "x" };';
    expect(run(text, thousand).problems).toMatchObject([{ code: 'policy_invalid', severity: 'error' }]);
  });
});

describe('validatePolicies with a cache', () => {
  let directory: string;
  const open = (): Promise<ValidationCacheFile> =>
    ValidationCacheFile.open(join(directory, 'cache', 'pairs'));
  const text = `@id("a") forbid (principal, action in Action::"one", resource) when { context.input has own1 };
    @id("b") forbid (principal, action in Action::"write", resource);`;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cardea-cache-'));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  it('asks the engine only about pairs whose text changed', async () => {
    const cache = await open();
    const first = run(text, [catalogOf('one', 9)], cache);
    await cache.replace(first.pairs);
    expect(first.validated).toBe(10);
    expect(run(text, [catalogOf('one', 9)], await open()).validated).toBe(0);
    expect(run(text.replace('own1', 'own2'), [catalogOf('one', 9)], await open()).validated).toBe(9);
    expect(run(text, [catalogOf('one', 10)], await open()).validated).toBe(1);
  });

  it('remembers no pair with an error, and warns again where it warned before', async () => {
    const cache = await open();
    const wrong = `${text} @id("c") forbid (principal, action in Action::"write", resource) when { context.usage.day > 1 };`;
    const first = run(wrong, [catalogOf('one', 9)], cache);
    await cache.replace(first.pairs);
    const again = run(wrong, [catalogOf('one', 9)], await open());
    expect(again.validated).toBe(1);
    expect(again.problems).toEqual(first.problems);
    expect(again.problems).toHaveLength(1);
    const idle = text
      .replace('Action::"write"', 'Action::"one"')
      .replace(', resource);', ', resource is Server);');
    const warned = run(idle, [catalogOf('one', 9)], cache);
    await cache.replace(warned.pairs);
    const silent = run(idle, [catalogOf('one', 9)], await open());
    expect(silent.validated).toBe(0);
    expect(silent.problems).toEqual(warned.problems);
    expect(silent.problems.map(({ severity }) => severity)).toContain('warning');
  });

  it('believes nothing that another engine said', async () => {
    const cache = await open();
    const tasks = [...planValidation(compile(text), { catalogs: [catalogOf('one', 9)], counters: ['hour'] })];
    const host = new CedarHost(engine.module);
    await cache.replace(validatePolicies(host, 'sha256:other', tasks, cache).pairs);
    expect(validatePolicies(host, engine.digest, tasks, await open()).validated).toBe(10);
  });
});
