// cardea policy test: policies against requests with known answers.
import { loadInstalledEngine, type EngineFile } from '@cardea/bundles';
import { buildAndTest } from '../bundle/buildProject.ts';
import { Failure, printFailure } from '../frame/failure.ts';
import type { Terminal } from '../frame/terminal.ts';
import { defineVerb, type ExitCode } from '../frame/verb.ts';
import { runTests } from '../policyTests/runTests.ts';
import { printTestRun } from '../policyTests/testReport.ts';
import { isSuccessful, type TestRun } from '../policyTests/testRun.ts';
import { testRunToJson } from '../policyTests/testRunJson.ts';
import { runOnChange } from '../project/watchFiles.ts';
import { printJson } from '../report/printable.ts';

export const policyTest = defineVerb({
  name: 'policy test',
  summary: 'Run policy tests, in the format of cedar run-tests',
  details: [
    'A test file is a JSON array of {name, request: {principal, action, resource, context}, entities, decision, ' +
      'reason, num_errors}. With a schema, policies, requests and entities have to conform to it, and a warning about ' +
      'a policy is an error.',
    'Optional keys of a test ask the decision service about the same request: verdict (allow, deny, hold or needs), ' +
      'code, approvers, approved (ids of hold policies that somebody has approved) and supplied (families of facts ' +
      'that the caller states; all of them when absent). The cedar command ignores these keys.',
    'With --project the tests, policies and schema are those of the project, as bundle build runs them: against the ' +
      'bundle as a decision service would open it, with the guardrails that ship with the product and the entities of ' +
      'its catalogs. TESTS, --policies, --schema and --template-linked have no place beside it. Without it, nothing is ' +
      'added to the policies and the entities named here.',
    'Exit code 1 when a test fails or cannot run, when the policies are wrong in themselves, or when coverage is ' +
      'below --coverage-min.',
  ],
  positionals: {
    value: 'TESTS',
    description: 'with --policies: test files, or folders of them, *test*.json',
    min: 0,
    max: Infinity,
  },
  options: {
    project: { type: 'text', value: 'DIR', description: 'the folder of a project: run its own tests' },
    policies: {
      type: 'text',
      value: 'FILE|DIR',
      short: 'p',
      description: 'the policies to test, where there is no project',
    },
    schema: {
      type: 'text',
      value: 'FILE',
      short: 's',
      description: 'the schema; JSON if its name ends in .json',
    },
    'template-linked': {
      type: 'text',
      value: 'FILE',
      short: 'k',
      description: 'policies linked from templates, in JSON',
    },
    'coverage-min': {
      type: 'integer',
      value: 'PERCENT',
      min: 0,
      max: 100,
      default: 0,
      description: 'how many of the policies tests have to satisfy',
    },
    json: { type: 'flag', description: 'print one JSON object' },
    watch: { type: 'flag', description: 'run again whenever a file changes, until interrupted' },
  },

  async run({ options, positionals, terminal, untilStopped }) {
    const subject = chooseSubject(options, positionals);
    const engine = await loadInstalledEngine();
    const runOnce = async (): Promise<ExitCode> => {
      const run = await subject.run(engine);
      if (options.json) terminal.out(printJson(testRunToJson(run)));
      else printTestRun(terminal, run);
      const least = options['coverage-min'];
      if (run.kind !== 'refused' && run.coverage.percent < least) {
        terminal.err(
          `tests satisfy ${run.coverage.percent} % of the policies, and --coverage-min asks for ${least}\n`,
        );
      }
      return isSuccessful(run, least) ? 0 : 1;
    };
    return options.watch ? runAndWatch(subject.paths, terminal, untilStopped(), runOnce) : runOnce();
  },
});

interface Subject {
  /** What is read. */
  readonly paths: readonly string[];
  /** Reads everything anew. Throws Failure for what cannot be read. */
  readonly run: (engine: EngineFile) => TestRun | Promise<TestRun>;
}

interface SubjectOptions {
  readonly project: string | undefined;
  readonly policies: string | undefined;
  readonly schema: string | undefined;
  readonly 'template-linked': string | undefined;
}

/** Throws Failure where the words name neither a project nor policies and tests, and where they name both. */
function chooseSubject(options: SubjectOptions, tests: readonly string[]): Subject {
  const { project, policies, schema, 'template-linked': templateLinks } = options;
  if (project !== undefined) {
    refuseBesideProject(options, tests);
    return { paths: [project], run: (engine) => buildAndTest(project, engine) };
  }
  if (policies === undefined) {
    throw new Failure('"cardea policy test" needs --project DIR, or --policies FILE|DIR and TESTS', seeHelp);
  }
  if (tests.length === 0) throw new Failure('"cardea policy test" needs TESTS', seeHelp);
  return {
    paths: [policies, schema, templateLinks, ...tests].filter((path) => path !== undefined),
    run: ({ module }) => runTests(module, { policies: [policies], schema, templateLinks, tests }),
  };
}

const seeHelp = 'see: cardea policy test --help';

function refuseBesideProject(options: SubjectOptions, tests: readonly string[]): void {
  const given = (['policies', 'schema', 'template-linked'] as const)
    .filter((name) => options[name] !== undefined)
    .map((name) => `--${name}`);
  const [first] = [...given, ...(tests.length > 0 ? ['TESTS'] : [])];
  if (first === undefined) return;
  throw new Failure(
    `--project and ${first} exclude each other`,
    'the policies, the schema and the tests are those of the project',
  );
}

/** Gives the exit code of the last run. */
async function runAndWatch(
  paths: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
  runOnce: () => Promise<ExitCode>,
): Promise<ExitCode> {
  let exitCode: ExitCode = 1;
  await runOnChange(paths, signal, async () => {
    try {
      exitCode = await runOnce();
    } catch (failure) {
      // A file that is away for a moment, while an editor saves it, must not end the watch.
      if (!(failure instanceof Failure)) throw failure;
      printFailure(failure, terminal);
      exitCode = 1;
    }
  });
  return exitCode;
}
