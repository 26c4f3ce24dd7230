// The tests of a project, run against the bundle as a decision service would open it: its servers, tools and actions
// are there, and each request is typed by the schema of the tool that it calls.
import { join } from 'node:path';
import { compileBundle, makeEngine, SchemaTypes, type SourceTree } from '@cardea/bundles';
import type { OpenedBundle } from '@cardea/bundles/open';
import { CedarHost, type CompiledPolicy, type Engine } from '@cardea/engine';
import { methodSchemaText, type CedarEntity } from '@cardea/schemas/cedar';
import { qualifyName, toolSchemaText } from '@cardea/schemas/mcp';
import { measureCoverage } from '../policyTests/coverage.ts';
import { FullSet, type Project } from '../policyTests/fullSet.ts';
import type { BrokenTest, PolicyTest } from '../policyTests/policyTest.ts';
import { ServiceVerdicts } from '../policyTests/serviceVerdicts.ts';
import { parseTestFile } from '../policyTests/testFile.ts';
import type { TestRun } from '../policyTests/testRun.ts';
import { locatePolicies, runTest, type Runner, type TestOutcome } from '../policyTests/testRunner.ts';
import { loadPolicies, type ProjectPolicy } from '../project/policyProject.ts';
import type { Diagnostic } from '../report/diagnostic.ts';

const guardrails = 'policies/guardrails/';

export interface BundleTests {
  readonly tests: readonly (PolicyTest | BrokenTest)[];
  /** Files that hold no tests. */
  readonly problems: readonly Diagnostic[];
}

/** `directory` is where the project stands, for messages. */
export function readBundleTests(
  module: WebAssembly.Module,
  files: SourceTree['tests'],
  directory: string,
): BundleTests {
  const host = new CedarHost(module);
  const parsed = [...files].map(([path, bytes]) =>
    parseTestFile(host, { path: join(directory, path), text: Buffer.from(bytes).toString('utf8') }),
  );
  return {
    tests: parsed.flatMap((file) => (file.kind === 'tests' ? file.tests : [])),
    problems: parsed.flatMap((file) => (file.kind === 'problem' ? [file.problem] : [])),
  };
}

/** Throws BundleRefusal for a bundle that no service could serve. */
export async function runBundleTests(
  bundle: OpenedBundle,
  { tests, problems }: BundleTests,
  directory: string,
): Promise<TestRun> {
  const bench = await openBench(bundle, directory);
  const byAction = Map.groupBy(tests.entries(), ([, test]) => (test.kind === 'test' ? test.action.id : ''));
  const outcomes: TestOutcome[] = [];
  for (const [action, group] of byAction) {
    const runner = openRunner(bench, action);
    for (const [index, test] of group) outcomes[index] = runTest(runner, test);
  }
  const satisfied = new Set(outcomes.flatMap((outcome) => outcome.satisfied));
  // Guardrails are tested where they ship.
  const own = bench.policies.filter(({ place }) => !place.file.path.startsWith(join(directory, guardrails)));
  const coverage = measureCoverage({ policies: own, links: [] }, satisfied);
  return { kind: 'ran', outcomes, coverage, problems };
}

/** What all tests of a bundle share. */
export interface TestBench {
  readonly bundle: OpenedBundle;
  readonly module: WebAssembly.Module;
  readonly engine: Engine;
  readonly compiled: readonly CompiledPolicy[];
  readonly policies: readonly ProjectPolicy[];
  /** Without the actions, which a schema brings along. */
  readonly entities: readonly CedarEntity[];
}

export async function openBench(bundle: OpenedBundle, directory: string): Promise<TestBench> {
  const compiled = await compileBundle(bundle);
  const files = bundle.policyFiles.map(({ path, text }) => ({ path: join(directory, path), text }));
  return {
    bundle,
    module: compiled.module,
    engine: makeEngine(compiled),
    compiled: compiled.policies,
    policies: loadPolicies(new CedarHost(compiled.module), files).policies,
    entities: bundle.entities.filter(({ uid }) => !/(?:^|::)Action$/.test(uid.type)),
  };
}

/** For the tests of one action: an instance of the engine keeps one schema. */
export function openRunner(bench: TestBench, action: string): Runner {
  const { module, engine, compiled, policies, entities } = bench;
  const host = new CedarHost(module);
  const text = writeSchema(bench.bundle, action);
  const json = JSON.stringify(text);
  const schema = { file: { path: 'the schema of this action', text }, json };
  const project: Project = { policies, links: [], schema, entities };
  const service = new ServiceVerdicts(compiled, engine, new SchemaTypes(host, json));
  return { project, fullSet: new FullSet(host, project), places: locatePolicies(project), service };
}

/** An action that no tool has is one of the protocol's methods, or none: Cedar says so. */
function writeSchema({ schemaText, catalogs, settings }: OpenedBundle, action: string): string {
  if (schemaText !== undefined) return schemaText;
  const counters = settings.counters.map(({ name }) => name);
  for (const { server, tools } of catalogs) {
    const tool = tools.find(({ name }) => qualifyName(server.id, name) === action);
    if (tool !== undefined) return toolSchemaText(tool, { server: server.id, counters });
  }
  return methodSchemaText({ counters });
}
