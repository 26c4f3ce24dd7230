// cardea policy check: everything that is wrong with policies, at its place.
import { loadInstalledEngine } from '@cardea/bundles';
import { CedarHost } from '@cardea/engine';
import { paint, type Terminal } from '../frame/terminal.ts';
import { defineVerb, type ExitCode } from '../frame/verb.ts';
import { findFiles, policyFiles, readTextFile } from '../project/inputFiles.ts';
import { describeProblem, loadPolicies, type ProjectPolicy } from '../project/policyProject.ts';
import { parseSchema } from '../project/schema.ts';
import { validatePolicies } from '../project/validate.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import { printJson } from '../report/printable.ts';
import { printProblems, problemsToJson } from '../report/problemList.ts';

/** What bundles alone demand: a plain Cedar project need not hear of it. */
const bundleRules: ReadonlySet<string> = new Set(['id_missing', 'policy_template']);

export const policyCheck = defineVerb({
  name: 'policy check',
  summary: 'Check policies: syntax, ids, holds, and types when there is a schema',
  details: [
    'Every problem is listed, not only the first. Without --strict any Cedar project passes that the cedar command ' +
      'would accept, and what looks like a mistake in a @hold is a warning; with it, everything that publishing a ' +
      'bundle demands is an error: an @id on each policy, holds on forbids only, no templates.',
    'Without --schema nothing knows which attributes there are: bundle build checks a project against its own catalog.',
    'Exit code 1 when a file is not valid Cedar, 3 when policies do not validate or break a rule of --strict.',
  ],
  positionals: {
    value: 'FILE|DIR',
    description: 'policy files, or folders of *.cedar files',
    min: 1,
    max: Infinity,
  },
  options: {
    schema: {
      type: 'text',
      value: 'FILE',
      short: 's',
      description: 'validate against this schema; JSON if it ends in .json',
    },
    strict: { type: 'flag', description: 'demand what publishing a bundle demands' },
    'deny-warnings': { type: 'flag', description: 'treat warnings as errors' },
    json: { type: 'flag', description: 'print one JSON object' },
  },

  async run({ options, positionals, terminal }) {
    const files = findFiles(positionals, policyFiles).map(readTextFile);
    const host = new CedarHost((await loadInstalledEngine()).module);
    const { policies, problems: broken } = loadPolicies(host, files);
    const schemaFile = options.schema === undefined ? undefined : readTextFile(options.schema);
    const schema = schemaFile === undefined ? undefined : parseSchema(host, schemaFile);
    const unparsed = [...broken, ...(schema?.kind === 'problems' ? schema.problems : [])];
    const found = listRefusals(policies, options.strict);
    if (schema?.kind === 'schema') {
      const { problems, schemaWarnings } = validatePolicies(host, schema.schema, firstOfEachId(policies), []);
      found.push(...problems, ...schemaWarnings);
    }
    const problems = [...unparsed, ...found];
    if (options.json) {
      terminal.out(
        printJson({ files: files.length, policies: policies.length, problems: problemsToJson(problems) }),
      );
    } else {
      printProblems(terminal, problems, { policies: policies.length, files: files.length });
      if (problems.length === 0 && schema === undefined) printWhatIsUnchecked(terminal);
    }
    return chooseExitCode(unparsed, found, options['deny-warnings']);
  },
});

/** "ok" would be taken for more than it says: a misspelt attribute is still valid Cedar. */
function printWhatIsUnchecked(terminal: Terminal): void {
  terminal.err(
    `${paint(terminal, 'blue', 'note:')} names and types are checked against a schema only: give --schema, ` +
      'or run bundle build on a project\n',
  );
}

function listRefusals(policies: readonly ProjectPolicy[], isStrict: boolean): Diagnostic[] {
  return policies.flatMap(({ refusals, place }) =>
    refusals
      .filter((refusal) => isStrict || !bundleRules.has(refusal.code))
      .map((refusal) => describeProblem(refusal, place.file, isStrict ? 'error' : 'warning')),
  );
}

/** Cedar takes policies by id: of two with the same id it would judge one. */
function firstOfEachId(policies: readonly ProjectPolicy[]): ProjectPolicy[] {
  return [...new Map(policies.toReversed().map((policy) => [policy.id, policy])).values()].reverse();
}

function chooseExitCode(
  unparsed: readonly Diagnostic[],
  found: readonly Diagnostic[],
  deniesWarnings: boolean,
): ExitCode {
  if (unparsed.length > 0) return 1;
  return found.some(({ severity }) => severity === 'error' || deniesWarnings) ? 3 : 0;
}
