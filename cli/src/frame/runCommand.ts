// One command line, from its words to an exit code. The only place where a Failure is printed and where a fault of
// ours becomes one.
import { parseLine, selectVerb } from './commandLine.ts';
import type { Environment } from './environment.ts';
import { Failure, printFailure } from './failure.ts';
import { renderHelp, renderOverview } from './help.ts';
import type { Terminal } from './terminal.ts';
import type { Context, ExitCode, Verb } from './verb.ts';

export interface Surroundings {
  readonly verbs: readonly Verb[];
  readonly version: string;
  readonly terminal: Terminal;
  readonly untilStopped: () => AbortSignal;
  readonly onHangup: (listener: () => void) => void;
  readonly environment: Environment;
}

/** Never throws. */
export async function runCommand(words: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  try {
    return await dispatch(words, surroundings);
  } catch (thrown) {
    reportThrown(thrown, surroundings.terminal);
    return 1;
  }
}

async function dispatch(words: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { verbs, version, ...given } = surroundings;
  const { terminal, environment } = given;
  const own = words.slice(0, words.includes('--') ? words.indexOf('--') : words.length);
  const asksForHelp = own.includes('--help') || own.includes('-h');
  const named = own.filter((word) => !word.startsWith('-'));
  if (own[0] === '--version') return print(terminal, `${version}\n`);
  if (named.length === 0 && asksForHelp) return print(terminal, renderOverview(verbs, terminal.width));
  if (own.length === 0) {
    terminal.err(renderOverview(verbs, terminal.width));
    return 1;
  }
  const group = verbs.filter((verb) => verb.name.startsWith(`${named.join(' ')} `));
  const isVerb = verbs.some((verb) => verb.name === named.join(' '));
  if (asksForHelp && group.length > 0 && !isVerb)
    return print(terminal, renderOverview(group, terminal.width));
  const { verb, words: rest } = selectVerb(verbs, words);
  if (asksForHelp) return print(terminal, renderHelp(verb, terminal.width));
  // The table gave the parser these values, and it gives `run` their types.
  return verb.run({ ...parseLine(verb, rest, environment), ...given } as Context);
}

function print(terminal: Terminal, text: string): ExitCode {
  terminal.out(text);
  return 0;
}

function reportThrown(thrown: unknown, terminal: Terminal): void {
  if (thrown instanceof Failure) {
    printFailure(thrown, terminal);
    return;
  }
  const trace = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  printFailure({ message: `this is a fault of cardea itself\n${trace}`, help: undefined }, terminal);
}
