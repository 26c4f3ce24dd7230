// cardea policy explain: why a request is allowed, denied or held.
import { compileBundle, loadInstalledEngine, makeEngine } from '@cardea/bundles';
import { buildProject } from '../bundle/buildProject.ts';
import { reportProblems } from '../bundle/buildReport.ts';
import { renderExplanation } from '../explain/renderExplanation.ts';
import { defineVerb } from '../frame/verb.ts';
import { readTextFile } from '../project/inputFiles.ts';
import { printJson } from '../report/printable.ts';

export const policyExplain = defineVerb({
  name: 'policy explain',
  summary: 'Say why a request is allowed, denied or held',
  details: [
    'The request is what the decision API takes, as JSON in a file: an AuthZEN evaluation. Each policy about it is ' +
      'shown with its clauses and whether they let it apply, and where nothing allows the request, the permits that ' +
      'miss it by the least.',
    'Exit code 0 for allow, 2 for every other verdict, 3 when the project does not validate.',
  ],
  options: {
    project: { type: 'text', value: 'DIR', default: '.', description: 'the folder of the project' },
    request: { type: 'text', value: 'FILE', required: true, description: 'the request' },
    json: { type: 'flag', description: 'print one JSON object' },
  },

  async run({ options: { project, request, json }, terminal }) {
    const file = readTextFile(request);
    const outcome = await buildProject(project, await loadInstalledEngine());
    if (outcome.kind === 'problems') return reportProblems(outcome.problems, { terminal, json });
    const compiled = await compileBundle(outcome.built.opened);
    const { explainRequest } = await import('../explain/explainRequest.ts');
    const explained = explainRequest(file, compiled, makeEngine(compiled));
    terminal.out(json ? printJson(explained) : renderExplanation(explained, terminal));
    return explained.verdict === 'allow' ? 0 : 2;
  },
});
