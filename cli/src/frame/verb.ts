// What a verb is. A verb is one file in src/verbs that calls `defineVerb` once: the table that it gives parses the
// command line, prints --help and generates the reference, so none of them can drift from the others. What a verb
// needs and others do not (servers, clients) is imported inside `run`: every start of the command loads every verb.
import type { Environment } from './environment.ts';
import type { Terminal } from './terminal.ts';

/** As the cedar CLI: 0 success or allow, 1 failure, 2 deny, 3 policies that do not validate. */
export type ExitCode = 0 | 1 | 2 | 3;

interface OptionBase {
  /** One sentence without a full stop. */
  readonly description: string;
  /** One letter. */
  readonly short?: string;
}

export interface FlagOption extends OptionBase {
  readonly type: 'flag';
}

export interface TextOption extends OptionBase {
  readonly type: 'text';
  /** What help shows for the value: `FILE`. */
  readonly value: string;
  readonly default?: string;
  readonly required?: true;
  /** May be given more than once; the values arrive as a list. */
  readonly many?: true;
}

export interface IntegerOption extends OptionBase {
  readonly type: 'integer';
  readonly value: string;
  readonly min: number;
  readonly max: number;
  readonly default?: number;
}

export type Option = FlagOption | TextOption | IntegerOption;

/** By long name, without dashes. */
export type OptionTable = Readonly<Record<string, Option>>;

export interface Positionals {
  /** What help shows: `FILE|DIR`. */
  readonly value: string;
  readonly description: string;
  readonly min: number;
  readonly max: number;
}

type ValueOf<O extends Option> = O extends FlagOption
  ? boolean
  : O extends IntegerOption
    ? O extends { readonly default: number }
      ? number
      : number | undefined
    : O extends { readonly many: true }
      ? readonly string[]
      : O extends { readonly default: string } | { readonly required: true }
        ? string
        : string | undefined;

export interface Context<Options extends OptionTable = OptionTable> {
  readonly options: { readonly [Name in keyof Options]: ValueOf<Options[Name]> };
  readonly positionals: readonly string[];
  /** The words after `--`, for verbs that declare `rest`. */
  readonly rest: readonly string[];
  readonly terminal: Terminal;
  /** From the first call on, SIGINT and SIGTERM abort this signal instead of ending the process. */
  readonly untilStopped: () => AbortSignal;
  /** From then on SIGHUP calls this instead of ending the process. */
  readonly onHangup: (listener: () => void) => void;
  readonly environment: Environment;
}

export interface Verb<Options extends OptionTable = OptionTable> {
  /** One or two words: `pdp`, `policy check`. */
  readonly name: string;
  /** One line for the list of verbs. */
  readonly summary: string;
  /** Further paragraphs for its own page. */
  readonly details?: readonly string[];
  readonly options: Options;
  /** Options that the command line does not give are taken from the environment: see `environment.ts`. */
  readonly environment?: true;
  readonly positionals?: Positionals;
  /** Words after `--` that are not for us: a command to run. */
  readonly rest?: { readonly value: string; readonly description: string };
  /** Throws Failure for what the user can mend; anything else that is thrown is a fault of ours. */
  run(context: Context<Options>): Promise<ExitCode>;
}

/** Gives `run` the exact types of the options in the table. */
export function defineVerb<const Options extends OptionTable>(verb: Verb<Options>): Verb {
  return verb;
}
