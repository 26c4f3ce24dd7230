// Small Cedar projects of every kind, each with tests that pass: read in this process, so that a failure shows its
// diagnostics.
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadInstalledEngine } from '@cardea/bundles';
import { CedarHost } from '@cardea/engine';
import { fixtures } from '../../test/cardea.ts';
import { readTextFile } from '../project/inputFiles.ts';
import { runTests, type TestInputs } from './runTests.ts';
import { testRunToJson } from './testRunJson.ts';

const { module } = await loadInstalledEngine();
const at = (path: string): string => join(fixtures, path);

const projects = [
  { name: 'plain', count: 4, covered: 3 },
  { name: 'photos', schema: 'schema.cedarschema', count: 4, covered: 4 },
  { name: 'namespaces', schema: 'schema.cedarschema', count: 4, covered: 5 },
  { name: 'templates', links: 'links.json', count: 2, covered: 3 },
  { name: 'int64', count: 5, covered: 3 },
  { name: 'extensions', count: 3, covered: 2 },
  { name: 'failing-forbids', count: 2, covered: 2 },
  { name: 'holds', count: 7, covered: 4 },
];

function inputsOf({ name, schema, links }: { name: string; schema?: string; links?: string }): TestInputs {
  return {
    policies: [at(name)],
    ...(schema === undefined ? {} : { schema: at(join(name, schema)) }),
    ...(links === undefined ? {} : { templateLinks: at(join(name, links)) }),
    tests: [at(name)],
  };
}

describe('every project of the corpus', () => {
  it.each(projects)('$name passes, compared with Cedar test by test', ({ count, covered, ...project }) => {
    const run = testRunToJson(runTests(module, inputsOf(project))) as {
      passed: number;
      problems: unknown[];
      tests: { result: string; problems: unknown[]; service?: unknown; notCompared?: string }[];
      coverage: { satisfied: string[] };
      notCompared?: string;
    };
    expect(run.tests.filter(({ result }) => result !== 'passed')).toEqual([]);
    expect(run.passed).toBe(count);
    expect(run.coverage.satisfied).toHaveLength(covered);
    expect([run.notCompared, ...run.tests.map(({ notCompared }) => notCompared)].join('')).toBe('');
    expect(run.tests.every(({ service }) => service !== undefined)).toBe(true);
  });

  it.each(projects.filter(({ schema }) => schema !== undefined))(
    '$name passes with its schema in JSON, too',
    async (project) => {
      const text = readTextFile(at(join(project.name, 'schema.cedarschema'))).text;
      const answer = new CedarHost(module).call('schemaToJson', JSON.stringify(text));
      const folder = await mkdtemp(join(tmpdir(), 'cardea-'));
      const schema = join(folder, 'schema.cedarschema.json');
      await writeFile(schema, JSON.stringify((JSON.parse(answer) as { json: unknown }).json));
      const run = runTests(module, { ...inputsOf(project), schema });
      await rm(folder, { recursive: true });
      expect(testRunToJson(run)).toMatchObject({ passed: project.count, failed: 0, errors: 0 });
    },
  );
});

describe('a project that the decision service does not take', () => {
  it('is tested against Cedar alone, and says so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cardea-'));
    const policies = join(folder, 'held.cedar');
    await writeFile(policies, '@hold("x")\npermit (principal, action == Action::"read", resource);\n');
    const run = runTests(module, { policies: [policies], tests: [at('plain/tests.json')] });
    await rm(folder, { recursive: true });
    expect(run.kind === 'ran' && run.serviceRefusal).toBe(
      'the decision service does not take the policy "policy0" (only a forbid can hold)',
    );
    expect(run.kind === 'ran' && run.outcomes.every(({ verdict }) => verdict === undefined)).toBe(true);
  });

  it('fails a test that asks for a verdict', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cardea-'));
    const policies = join(folder, 'held.cedar');
    await writeFile(policies, '@hold("x")\npermit (principal, action, resource);\n');
    const run = runTests(module, { policies: [policies], tests: [at('holds/tests.json')] });
    await rm(folder, { recursive: true });
    expect(run.kind === 'ran' && run.outcomes[0]?.problems.at(-1)?.message).toBe(
      'the decision service does not take the policy "policy0" (only a forbid can hold)',
    );
  });
});
