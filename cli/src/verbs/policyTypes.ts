// cardea policy types: what policies can read, from the tools' own schemas.
import { loadInstalledEngine, parseSources } from '@cardea/bundles';
import { qualifyName } from '@cardea/schemas/mcp';
import { describeProblems, readProject } from '../bundle/bundleProject.ts';
import { reportProblems } from '../bundle/buildReport.ts';
import { renderSchema, renderToolTypes } from '../catalog/toolTypes.ts';
import { Failure } from '../frame/failure.ts';
import { suggest } from '../frame/nearest.ts';
import { defineVerb } from '../frame/verb.ts';

export const policyTypes = defineVerb({
  name: 'policy types',
  summary: 'Print the Cedar types that policies see of calls',
  details: [
    'Without a TOOL the whole schema of the project: editors take it, and policy check --schema. With one, the ' +
      "action of that tool alone. What a server's schemas say and Cedar cannot express is named in comments.",
  ],
  positionals: { value: 'TOOL', description: 'tools, such as desk/refund_order', min: 0, max: Infinity },
  options: {
    project: { type: 'text', value: 'DIR', default: '.', description: 'the folder of the project' },
  },

  async run({ options: { project: directory }, positionals, terminal }) {
    const target = { terminal, json: false };
    const read = await readProject(directory, await loadInstalledEngine());
    if (read.kind === 'problems') return reportProblems(read.problems, target);
    const { sources } = read.project;
    const parsed = parseSources(sources);
    if (parsed.kind === 'refused') {
      return reportProblems(describeProblems(parsed.problems, directory, sources), target);
    }
    const { project, catalogs } = parsed.parsed;
    if (project.profile === 'plain') {
      throw new Failure('this project has the profile plain: its types are those of schema.cedarschema');
    }
    if (positionals.length === 0) {
      const counters = project.settings.counters.map(({ name }) => name);
      terminal.out(renderSchema(catalogs, counters));
      return 0;
    }
    const types = new Map(
      catalogs.flatMap((catalog) =>
        catalog.tools.map((tool) => [
          qualifyName(catalog.server.id, tool.name),
          () => renderToolTypes(catalog, tool),
        ]),
      ),
    );
    const texts = positionals.map((name) => {
      const render = types.get(name);
      if (render === undefined) {
        throw new Failure(`the project has no tool "${name}"`, suggest(name, types.keys()));
      }
      return render();
    });
    terminal.out(texts.join('\n'));
    return 0;
  },
});
