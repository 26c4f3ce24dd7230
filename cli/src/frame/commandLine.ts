// Words of a command line to a verb and the values of its options. Everything that is not in the table is refused
// with the nearest thing that is.
import { parseArgs } from 'node:util';
import { readVariable, variableOf, type Environment } from './environment.ts';
import { Failure } from './failure.ts';
import { suggest } from './nearest.ts';
import type { IntegerOption, Option, Verb } from './verb.ts';

export interface Selection {
  readonly verb: Verb;
  /** The words that are left once the verb's name is taken off. */
  readonly words: readonly string[];
}

export interface ParsedLine {
  readonly options: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
  readonly rest: readonly string[];
}

/** Throws Failure for a name that no verb has. */
export function selectVerb(verbs: readonly Verb[], words: readonly string[]): Selection {
  const [first = '', second = ''] = words;
  const found =
    verbs.find((verb) => verb.name === `${first} ${second}`) ?? verbs.find((verb) => verb.name === first);
  if (found !== undefined) return { verb: found, words: words.slice(found.name.split(' ').length) };
  const group = verbs.filter((verb) => verb.name.startsWith(`${first} `));
  if (group.length > 0 && second === '') {
    throw new Failure(
      `"${first}" needs a second word`,
      `one of: ${group.map(({ name }) => name).join(', ')}`,
    );
  }
  const names = verbs.map(({ name }) => name);
  const pair = `${first} ${second}`;
  const help =
    suggest(pair, names) ?? suggest(first, [...names, ...names.map((name) => name.replace(/ .*/, ''))]);
  throw new Failure(`there is no verb "${group.length > 0 ? pair : first}"`, help ?? 'see: cardea --help');
}

/** Throws Failure, naming the verb's help, for words and variables that do not fit the verb's table. */
export function parseLine(verb: Verb, words: readonly string[], environment: Environment = {}): ParsedLine {
  const { values, positionals, tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(
      Object.entries(verb.options).map(([name, option]) => [name, parserOption(option)]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  let terminatorAt = Infinity;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') terminatorAt = token.index;
    if (token.kind === 'option') checkOption(verb, token);
  }
  const after = tokens.filter((token) => token.kind === 'positional' && token.index > terminatorAt).length;
  const ownCount = verb.rest === undefined ? positionals.length : positionals.length - after;
  checkCount(verb, positionals.slice(0, ownCount));
  return {
    options: Object.fromEntries(
      Object.entries(verb.options).map(([name, option]) => [
        name,
        readValue(verb, name, option, find(verb, name, values[name], environment)),
      ]),
    ),
    positionals: positionals.slice(0, ownCount),
    rest: positionals.slice(ownCount),
  };
}

/** `--schema FILE`, as help and messages write it. */
export function showOption(name: string, option: Option): string {
  return option.type === 'flag' ? `--${name}` : `--${name} ${option.value}`;
}

function parserOption(option: Option): { type: 'string' | 'boolean'; short?: string; multiple: boolean } {
  const short = option.short === undefined ? {} : { short: option.short };
  return { type: option.type === 'flag' ? 'boolean' : 'string', multiple: option.type === 'text', ...short };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function checkOption(verb: Verb, { name, rawName, value, inlineValue }: OptionToken): void {
  if (!Object.hasOwn(verb.options, name)) {
    const known = Object.keys(verb.options);
    const help = suggest(name, known.length > 0 ? known : []) ?? helpFor(verb);
    throw new Failure(`"cardea ${verb.name}" has no option ${rawName}`, help.replace('mean "', 'mean "--'));
  }
  const option = verb.options[name] as Option;
  if (option.type === 'flag') {
    if (value !== undefined) throw new Failure(`${rawName} takes no value`, helpFor(verb));
    return;
  }
  // A value that looks like an option is nearly always a forgotten value; --name=-value says what is meant.
  const isForgotten = value === undefined || (inlineValue !== true && value.startsWith('-') && value !== '-');
  if (isForgotten) throw new Failure(`${rawName} needs a value: ${showOption(name, option)}`, helpFor(verb));
}

function checkCount(verb: Verb, positionals: readonly string[]): void {
  const { value, min, max } = verb.positionals ?? { value: '', min: 0, max: 0 };
  if (positionals.length < min) throw new Failure(`"cardea ${verb.name}" needs ${value}`, helpFor(verb));
  if (positionals.length <= max) return;
  const extra = String(positionals[max]);
  throw new Failure(`"cardea ${verb.name}" cannot use the word "${extra}"`, helpFor(verb));
}

/** A value and where it was given, for messages. */
interface Given {
  readonly value: unknown;
  readonly source: string;
}

/** The command line wins over the environment. */
function find(verb: Verb, name: string, value: unknown, environment: Environment): Given {
  const option = verb.options[name] as Option;
  if (value === undefined && verb.environment === true) {
    const variable = readVariable(name, option, environment);
    if (variable !== undefined) return { value: variable, source: variableOf(name) };
  }
  return { value, source: `--${name}` };
}

function readValue(verb: Verb, name: string, option: Option, given: Given): unknown {
  const { value, source } = given;
  switch (option.type) {
    case 'flag':
      return value === true;
    case 'integer':
      return value === undefined ? option.default : readInteger(option, given);
    case 'text': {
      const values = (value ?? []) as readonly string[];
      if (option.many === true && (values.length > 0 || option.required !== true)) return values;
      if (values.length > 1) throw new Failure(`${source} may be given once`, helpFor(verb));
      if (values.length === 0 && option.required === true) {
        const orVariable = verb.environment === true ? ` or ${variableOf(name)}` : '';
        throw new Failure(
          `"cardea ${verb.name}" needs ${showOption(name, option)}${orVariable}`,
          helpFor(verb),
        );
      }
      return values[0] ?? option.default;
    }
  }
}

function readInteger({ min, max }: IntegerOption, { value, source }: Given): number {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : NaN;
  if (number >= min && number <= max) return number;
  throw new Failure(`${source} is a whole number from ${min} to ${max}, not "${String(value)}"`);
}

function helpFor(verb: Verb): string {
  return `see: cardea ${verb.name} --help`;
}
