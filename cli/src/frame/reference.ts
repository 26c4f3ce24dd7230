// docs/reference/cli.md, from the same table that parses; a test fails when the page is not what this gives.
import { verbs } from '../verbs/index.ts';
import { showOption } from './commandLine.ts';
import { describeValue, renderUsage } from './help.ts';
import type { Option, Verb } from './verb.ts';

const preface = `# The cardea command

This page is generated from the table that parses the command line: \`cli/src/verbs\`.

Every verb takes \`--help\`. Results go to standard output; what concerns the running of the command itself goes to
standard error. Colour is used on terminals only, and not when \`NO_COLOR\` is set. The exit codes are those of the
\`cedar\` command:

| Code | Means |
| --- | --- |
| 0 | success, or allow |
| 1 | failure: a file, an option or a test |
| 2 | deny; of \`bundle diff\`, a verdict changes |
| 3 | the policies do not validate, or break a rule |

The options of services can also be variables of the environment: see [options](options.md).
`;

export function renderCliReference(): string {
  return [preface, ...verbs.map(renderVerb)].join('\n');
}

function renderVerb(verb: Verb): string {
  const prose = [`${verb.summary}.`, ...(verb.details ?? [])].map(escapeMarkdown);
  const rows: string[] = [];
  if (verb.positionals !== undefined)
    rows.push(renderRow(verb.positionals.value, verb.positionals.description));
  if (verb.rest !== undefined) rows.push(renderRow(`-- ${verb.rest.value}`, verb.rest.description));
  for (const [name, option] of Object.entries(verb.options)) rows.push(renderOption(name, option));
  const usage = `\`\`\`\n${renderUsage(verb)}\n\`\`\``;
  const table = rows.length === 0 ? [] : [['| Word | Means |', '| --- | --- |', ...rows].join('\n')];
  return `${[`## cardea ${verb.name}`, usage, ...prose, ...table].join('\n\n')}\n`;
}

function renderOption(name: string, option: Option): string {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  return renderRow(short + showOption(name, option), describeOption(option));
}

/** `where to listen (0 to 65535, default 8470)`. */
export function describeOption(option: Option): string {
  const facts = describeValue(option);
  return option.description + (facts.length === 0 ? '' : ` (${facts.join(', ')})`);
}

function renderRow(word: string, meaning: string): string {
  return `| \`${word.replaceAll('|', '\\|')}\` | ${escapeMarkdown(meaning).replaceAll('|', '\\|')} |`;
}

export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[*<]/g, '\\$&');
}
