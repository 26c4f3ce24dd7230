// From paths to a test run: everything is read anew, so that --watch sees what changed.
import { CedarHost } from '@cardea/engine';
import { Failure } from '../frame/failure.ts';
import { findFiles, policyFiles, readTextFile, type FileKind } from '../project/inputFiles.ts';
import { loadPolicies } from '../project/policyProject.ts';
import { parseSchema } from '../project/schema.ts';
import { readTemplateLinks } from '../project/templateLinks.ts';
import { validatePolicies } from '../project/validate.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import { FullSet, type Project } from './fullSet.ts';
import type { BrokenTest, PolicyTest } from './policyTest.ts';
import { ServiceVerdicts } from './serviceVerdicts.ts';
import { parseTestFile } from './testFile.ts';
import { runAll, type TestRun } from './testRun.ts';
import { locatePolicies, type Runner } from './testRunner.ts';

export interface TestInputs {
  readonly policies: readonly string[];
  readonly templateLinks?: string | undefined;
  readonly schema?: string | undefined;
  readonly tests: readonly string[];
}

/** Over all files. */
const testsMax = 100_000;

/** Throws Failure for files that cannot be read. */
export function runTests(module: WebAssembly.Module, inputs: TestInputs): TestRun {
  const host = new CedarHost(module);
  const opened = openProject(host, inputs);
  if (opened.kind === 'problems') return { kind: 'refused', problems: opened.problems };
  const { tests, problems } = readTests(host, inputs.tests);
  return runAll(openRunner(module, host, opened.project), tests, problems);
}

type OpenResult =
  | { readonly kind: 'project'; readonly project: Project }
  | { readonly kind: 'problems'; readonly problems: readonly Diagnostic[] };

function openProject(host: CedarHost, inputs: TestInputs): OpenResult {
  const files = findFiles(inputs.policies, policyFiles).map(readTextFile);
  const { policies, problems } = loadPolicies(host, files);
  if (problems.length > 0) return { kind: 'problems', problems };
  const { templateLinks } = inputs;
  const links =
    templateLinks === undefined ? [] : readTemplateLinks(host, readTextFile(templateLinks), policies);
  if (inputs.schema === undefined) return { kind: 'project', project: { policies, links } };
  const parsed = parseSchema(host, readTextFile(inputs.schema));
  if (parsed.kind === 'problems') return parsed;
  const { schema } = parsed;
  // As `cedar run-tests`: every warning about a policy counts, none about the schema does.
  const validation = validatePolicies(host, schema, policies, links);
  if (validation.problems.length > 0) return { kind: 'problems', problems: validation.problems };
  return { kind: 'project', project: { policies, links, schema } };
}

interface ReadTests {
  readonly tests: readonly (PolicyTest | BrokenTest)[];
  readonly problems: readonly Diagnostic[];
}

function readTests(host: CedarHost, paths: readonly string[]): ReadTests {
  const tests: (PolicyTest | BrokenTest)[] = [];
  const problems: Diagnostic[] = [];
  for (const path of findFiles(paths, testFiles)) {
    const parsed = parseTestFile(host, readTextFile(path));
    if (parsed.kind === 'problem') problems.push(parsed.problem);
    else tests.push(...parsed.tests);
    if (tests.length > testsMax)
      throw new Failure(`more than ${testsMax} tests are too many for one command`);
  }
  return { tests, problems };
}

/** Of a folder: `tests.json`, `refunds.test.json`, `tests-combined.json`. */
const testFiles: FileKind = {
  named: '*test*.json',
  accepts: (name) => /\btests?\b.*\.json$/.test(name),
};

function openRunner(module: WebAssembly.Module, host: CedarHost, project: Project): Runner {
  const base = { project, fullSet: new FullSet(host, project), places: locatePolicies(project) };
  const service = ServiceVerdicts.open(module, host, project);
  if (service instanceof ServiceVerdicts) return { ...base, service };
  const why = service.problem?.message ?? 'it is too large';
  return {
    ...base,
    serviceRefusal: `the decision service does not take the policy "${service.policy}" (${why})`,
  };
}
