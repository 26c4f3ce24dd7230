// cardea policy test: policies against requests with known answers.
import { loadInstalledEngine } from '@cardea/bundles';
import { Failure, printFailure } from '../frame/failure.ts';
import type { Terminal } from '../frame/terminal.ts';
import { defineVerb, type ExitCode } from '../frame/verb.ts';
import { runTests, type TestInputs } from '../policyTests/runTests.ts';
import { printTestRun } from '../policyTests/testReport.ts';
import { isSuccessful } from '../policyTests/testRun.ts';
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
    'Nothing is added to the policies and the entities named here. The tests of a project with a catalog need what it ' +
      'holds, and the guardrails: run them with bundle build.',
    'Exit code 1 when a test fails or cannot run, when the policies are wrong in themselves, or when coverage is ' +
      'below --coverage-min.',
  ],
  positionals: {
    value: 'TESTS',
    description: 'test files, or folders of them: *test*.json',
    min: 1,
    max: Infinity,
  },
  options: {
    policies: {
      type: 'text',
      value: 'FILE|DIR',
      short: 'p',
      required: true,
      description: 'the policies to test',
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
    const { policies, schema, 'template-linked': templateLinks } = options;
    const inputs = { policies: [policies], schema, templateLinks, tests: positionals };
    const { module } = await loadInstalledEngine();
    const runOnce = (): ExitCode => {
      const run = runTests(module, inputs);
      if (options.json) terminal.out(printJson(testRunToJson(run)));
      else printTestRun(terminal, run);
      return isSuccessful(run, options['coverage-min']) ? 0 : 1;
    };
    return options.watch ? runAndWatch(inputs, terminal, untilStopped(), runOnce) : runOnce();
  },
});

/** Gives the exit code of the last run. */
async function runAndWatch(
  inputs: TestInputs,
  terminal: Terminal,
  signal: AbortSignal,
  runOnce: () => ExitCode,
): Promise<ExitCode> {
  const paths = [...inputs.policies, inputs.schema, inputs.templateLinks, ...inputs.tests];
  let exitCode: ExitCode = 1;
  const attempt = (): void => {
    try {
      exitCode = runOnce();
    } catch (failure) {
      // A file that is away for a moment, while an editor saves it, must not end the watch.
      if (!(failure instanceof Failure)) throw failure;
      printFailure(failure, terminal);
      exitCode = 1;
    }
  };
  await runOnChange(
    paths.filter((path) => path !== undefined),
    signal,
    attempt,
  );
  return exitCode;
}
