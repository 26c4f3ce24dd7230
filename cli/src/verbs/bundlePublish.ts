// cardea bundle publish: a project becomes what decision services decide by.
import { loadInstalledEngine } from '@cardea/bundles';
import { reportFailedTests, reportProblems, summariseTests } from '../bundle/buildReport.ts';
import { renderSummary, summariseBundle } from '../bundle/bundleSummary.ts';
import { publishProject } from '../bundle/publishProject.ts';
import { defineVerb } from '../frame/verb.ts';
import { testRunToJson } from '../policyTests/testRunJson.ts';
import { printJson } from '../report/printable.ts';
import { printDiagnostics, problemsToJson } from '../report/problemList.ts';
import { failOnArchive, makeDirectory } from '../trust/archiveLocation.ts';
import { readKeyFile } from '../trust/keyFile.ts';
import { readVerifierKeys } from '../trust/verifierKeys.ts';

export const bundlePublish = defineVerb({
  name: 'bundle publish',
  summary: 'Build a project, sign its bundle, and make it the one that is current',
  details: [
    'Compiles, validates and tests as bundle build does, stores the bundle by its digest with your signature, opens ' +
      'what was stored, and only then moves the head of the archive. Killed at any point it leaves the last good head. ' +
      'The signer states the new head within a second.',
    'Exit code 1 when a file cannot be used or a test fails, 3 when policies do not validate or break a rule.',
  ],
  positionals: { value: 'DIR', description: 'the project', min: 1, max: 1 },
  options: {
    archive: { type: 'text', value: 'DIR', required: true, description: 'where to publish; made if need be' },
    key: { type: 'text', value: 'FILE', required: true, description: 'your signing key' },
    trust: {
      type: 'text',
      value: 'KEY|FILE',
      many: true,
      description: 'whoever else publishes there: a verifier key, or a file of them',
    },
    json: { type: 'flag', description: 'print one JSON object' },
  },

  async run({ options, positionals: [directory = ''], terminal }) {
    const { json } = options;
    const target = {
      archive: makeDirectory(options.archive),
      signer: readKeyFile(options.key),
      others: readVerifierKeys(options.trust),
      engine: await loadInstalledEngine(),
    };
    const outcome = await failOnArchive(() => publishProject(directory, target));
    if (outcome.kind === 'problems') return reportProblems(outcome.problems, { terminal, json });
    if (outcome.kind === 'failed tests') return reportFailedTests(outcome.run, { terminal, json });
    const { head, moved, opened, warnings, run } = outcome;
    const summary = summariseBundle(opened);
    if (json) {
      const report = { seq: head.seq, moved, problems: problemsToJson(warnings), tests: testRunToJson(run) };
      terminal.out(printJson({ ...summary, ...report }));
      return 0;
    }
    printDiagnostics(terminal, warnings);
    terminal.out(renderSummary(summary) + summariseTests(run));
    terminal.out(
      moved ? `published as number ${head.seq}\n` : `was current already, as number ${head.seq}\n`,
    );
    return 0;
  },
});
