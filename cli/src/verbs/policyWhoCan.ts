// cardea policy who-can: every group against every tool.
import { compileBundle, loadInstalledEngine, makeEngine } from '@cardea/bundles';
import { buildProject } from '../bundle/buildProject.ts';
import { reportProblems } from '../bundle/buildReport.ts';
import { Failure } from '../frame/failure.ts';
import { defineVerb } from '../frame/verb.ts';
import { escapeLine, printJson } from '../report/printable.ts';
import { listPersonalPolicies, tabulateAccess } from '../whoCan/accessTable.ts';
import { renderAccess } from '../whoCan/renderAccess.ts';

export const policyWhoCan = defineVerb({
  name: 'policy who-can',
  summary: 'Print which groups may call which tools',
  details: [
    'A table of the groups that policies name, and of anyone, against the tools of the project. "conditional": the ' +
      'arguments or the facts of the call decide, by the numbered conditions below the table. "held": a member of ' +
      'that group has to approve the call. Everything else is allowed or denied whatever the call holds.',
    'Each column is somebody who is in that group alone, without tags, and who calls through an agent that the ' +
      'guardrails let through. Groups inside groups are for the directory to know.',
  ],
  options: {
    project: { type: 'text', value: 'DIR', default: '.', description: 'the folder of the project' },
    group: { type: 'text', value: 'GROUP', many: true, description: 'a group that no policy names' },
    tool: { type: 'text', value: 'TOOL', many: true, description: 'only this tool, or those of this server' },
    json: { type: 'flag', description: 'print one JSON object' },
  },

  async run({ options: { project, group, tool, json }, terminal }) {
    const outcome = await buildProject(project, await loadInstalledEngine());
    if (outcome.kind === 'problems') return reportProblems(outcome.problems, { terminal, json });
    const { opened, project: source } = outcome.built;
    if (opened.manifest.profile === 'plain') {
      throw new Failure('this project has the profile plain, and so no tools to list');
    }
    const compiled = await compileBundle(opened);
    const { catalogs, policies } = compiled;
    const guardrails = new Set(source.guardrails.keys());
    const engine = makeEngine(compiled);
    const table = tabulateAccess({ engine, catalogs, policies, guardrails }, { groups: group, tools: tool });
    const cells = table.rows.flatMap((row) => row.cells);
    const footer = {
      guardrails: [...new Set(cells.flatMap((access) => access.guardrails))].sort(),
      notShown: listPersonalPolicies(policies),
    };
    if (json) {
      terminal.out(printJson({ ...table, ...footer }));
      return 0;
    }
    terminal.out(renderAccess(table, terminal));
    for (const [words, ids] of [
      ['Guardrails can deny each of these calls', footer.guardrails],
      ['Policies about single people, agents or their tags are not shown', footer.notShown],
    ] as const) {
      if (ids.length > 0) terminal.out(`\n${words}:\n${ids.map((id) => `  ${escapeLine(id)}\n`).join('')}`);
    }
    return 0;
  },
});
