// --help, from the same table that parses.
import { showOption } from './commandLine.ts';
import type { Option, Verb } from './verb.ts';

/** `cardea policy check FILE|DIR... [options]`. */
export function renderUsage(verb: Verb): string {
  const { positionals, rest } = verb;
  const words = [`cardea ${verb.name}`];
  for (const [name, option] of Object.entries(verb.options)) {
    if (option.type === 'text' && option.required === true) words.push(showOption(name, option));
  }
  if (positionals !== undefined) {
    const many =
      positionals.max > Math.max(1, positionals.min) ? `${positionals.value}...` : positionals.value;
    words.push(positionals.min > 0 ? many : `[${many}]`);
  }
  if (Object.keys(verb.options).length > 0) words.push('[options]');
  if (rest !== undefined) words.push(`[-- ${rest.value}]`);
  return words.join(' ');
}

/** What a value may be, where the table says more than the description: `default 80`, `may be repeated`. */
export function describeValue(option: Option): string[] {
  const facts: string[] = [];
  if (option.type === 'integer') facts.push(`${option.min} to ${option.max}`);
  if (option.type === 'text' && option.required === true) facts.push('required');
  if (option.type === 'text' && option.many === true) facts.push('may be repeated');
  if (option.type !== 'flag' && option.default !== undefined) facts.push(`default ${option.default}`);
  return facts;
}

export const environmentNote =
  'Each option can also be a variable of the environment, --stale-after as CARDEA_STALE_AFTER; the command line wins. ' +
  'Several values are separated by blanks, and flags are true or false.';

export function renderHelp(verb: Verb, columns: number): string {
  const lines = [`usage: ${renderUsage(verb)}`, '', ...wrap(`${verb.summary}.`, columns)];
  for (const paragraph of verb.details ?? []) lines.push('', ...wrap(paragraph, columns));
  const rows: [string, string][] = [];
  if (verb.positionals !== undefined) rows.push([verb.positionals.value, verb.positionals.description]);
  if (verb.rest !== undefined) rows.push([`-- ${verb.rest.value}`, verb.rest.description]);
  if (rows.length > 0) lines.push('', ...renderRows(rows, columns));
  const options = Object.entries(verb.options).map(([name, option]): [string, string] => {
    const facts = describeValue(option);
    const short = option.short === undefined ? '' : `-${option.short}, `;
    return [
      `${short}${showOption(name, option)}`,
      option.description + (facts.length === 0 ? '' : ` (${facts.join(', ')})`),
    ];
  });
  lines.push('', 'options:', ...renderRows([...options, ['-h, --help', 'show this page']], columns));
  if (verb.environment === true) lines.push('', ...wrap(environmentNote, columns));
  return `${lines.join('\n')}\n`;
}

/** All verbs, or those that start with one word. */
export function renderOverview(verbs: readonly Verb[], columns: number): string {
  const rows = verbs.map((verb): [string, string] => [`cardea ${verb.name}`, verb.summary]);
  return [
    'usage: cardea VERB [options]',
    '',
    ...renderRows(rows, columns),
    '',
    'cardea VERB --help shows the options of one verb, cardea --version the version.',
    '',
  ].join('\n');
}

function renderRows(rows: readonly (readonly [string, string])[], columns: number): string[] {
  const indent = '  ';
  const left = Math.max(...rows.map(([name]) => name.length)) + indent.length;
  const margin = indent.length + left;
  return rows.flatMap(([name, description]) => {
    const [first = '', ...others] = wrap(description, columns - margin);
    return [`${indent}${name.padEnd(left)}${first}`, ...others.map((line) => ' '.repeat(margin) + line)];
  });
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
