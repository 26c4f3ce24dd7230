// cardea bundle build: whether a project makes a bundle, and its name.
import { loadInstalledEngine, storeUnsigned } from '@cardea/bundles';
import { buildProject, testProject } from '../bundle/buildProject.ts';
import { hasPassed, reportFailedTests, reportProblems, summariseTests } from '../bundle/buildReport.ts';
import { renderSummary, summariseBundle } from '../bundle/bundleSummary.ts';
import { defineVerb } from '../frame/verb.ts';
import { testRunToJson } from '../policyTests/testRunJson.ts';
import { printJson } from '../report/printable.ts';
import { printDiagnostics, problemsToJson } from '../report/problemList.ts';
import { failOnArchive, makeDirectory } from '../trust/archiveLocation.ts';

export const bundleBuild = defineVerb({
  name: 'bundle build',
  summary: 'Compile, validate and test a project, and print the name of its bundle',
  details: [
    'A project is a folder with cardea.json, policies/**/*.cedar, catalog/<server>.json and tests/**/*.json. The ' +
      'guardrails that ship with the product are added to it. Every policy is validated against the schema of each ' +
      'tool that its scope covers, and the tests run against the bundle as a decision service would open it.',
    'The name is a digest: the same sources have the same name on every machine. Nothing is signed and nothing is ' +
      'published; --out keeps the bundle in an archive, where bundle show and bundle diff find it.',
    'Exit code 1 when a file cannot be used or a test fails, 3 when policies do not validate or break a rule.',
  ],
  positionals: { value: 'DIR', description: 'the project', min: 1, max: 1 },
  options: {
    out: { type: 'text', value: 'ARCHIVE', description: 'also put the bundle into this archive, unsigned' },
    json: { type: 'flag', description: 'print one JSON object' },
  },

  async run({ options: { out, json }, positionals: [directory = ''], terminal }) {
    const target = { terminal, json };
    const outcome = await buildProject(directory, await loadInstalledEngine());
    if (outcome.kind === 'problems') return reportProblems(outcome.problems, target);
    const { built } = outcome;
    const run = await testProject(built);
    if (!hasPassed(run)) return reportFailedTests(run, target);
    if (out !== undefined) {
      await failOnArchive(() => storeUnsigned(built.bundle, { archive: makeDirectory(out) }));
    }
    const summary = summariseBundle(built.opened);
    if (json) {
      const problems = problemsToJson(built.warnings);
      terminal.out(printJson({ ...summary, problems, tests: testRunToJson(run) }));
      return 0;
    }
    printDiagnostics(terminal, built.warnings);
    terminal.out(renderSummary(summary) + summariseTests(run));
    return 0;
  },
});
