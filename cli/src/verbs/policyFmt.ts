// cardea policy fmt: policies in Cedar's own layout.
import { loadInstalledEngine } from '@cardea/bundles';
import { CedarHost } from '@cardea/engine';
import { defineVerb } from '../frame/verb.ts';
import { formatPolicies } from '../project/formatPolicies.ts';
import { findFiles, policyFiles, readTextFile } from '../project/inputFiles.ts';
import { replaceFile } from '../project/replaceFile.ts';
import { renderDiagnostic, type Diagnostic } from '../report/diagnostic.ts';
import { escapeUnprintable } from '../report/printable.ts';
import { Failure } from '../frame/failure.ts';

export const policyFmt = defineVerb({
  name: 'policy fmt',
  summary: 'Lay out policies as Cedar does',
  details: [
    'Without --check and --write the formatted text is printed. A file is left as it is when formatting would lose ' +
      'a comment or change a policy.',
    'Exit code 1 when a file cannot be formatted, or with --check when one would change.',
  ],
  positionals: {
    value: 'FILE|DIR',
    description: 'policy files, or folders of *.cedar files',
    min: 1,
    max: Infinity,
  },
  options: {
    check: { type: 'flag', short: 'c', description: 'list the files that would change, and change none' },
    write: { type: 'flag', short: 'w', description: 'change the files, and list those that changed' },
    'line-width': {
      type: 'integer',
      short: 'l',
      value: 'N',
      min: 20,
      max: 1_000,
      default: 80,
      description: 'columns of a line',
    },
    'indent-width': {
      type: 'integer',
      short: 'i',
      value: 'N',
      min: 0,
      max: 16,
      default: 2,
      description: 'columns of an indent',
    },
  },

  async run({ options, positionals, terminal }) {
    if (options.check && options.write) throw new Failure('--check and --write exclude each other');
    const host = new CedarHost((await loadInstalledEngine()).module);
    const widths = { lineWidth: options['line-width'], indentWidth: options['indent-width'] };
    const problems: Diagnostic[] = [];
    let changed = 0;
    for (const path of findFiles(positionals, policyFiles)) {
      const file = readTextFile(path);
      const result = formatPolicies(host, file, widths);
      if (result.kind === 'problems') {
        problems.push(...result.problems);
        continue;
      }
      if (!options.check && !options.write) {
        terminal.out(result.text);
        continue;
      }
      if (result.text === file.text) continue;
      changed += 1;
      if (options.write) replaceFile(path, result.text);
      terminal.out(`${escapeUnprintable(path)}\n`);
    }
    for (const problem of problems) terminal.err(renderDiagnostic(problem, terminal));
    return problems.length > 0 || (options.check && changed > 0) ? 1 : 0;
  },
});
