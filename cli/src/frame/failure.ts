// What stops a verb and is not our fault: a file that is not there, an option that does not exist.
import { escapeUnprintable } from '../report/printable.ts';
import { paint, type Terminal } from './terminal.ts';

/** Printed as one line, with the help below it. The message has no full stop and may quote what the user wrote. */
export class Failure extends Error {
  readonly help: string | undefined;

  constructor(message: string, help?: string) {
    super(message);
    this.name = 'Failure';
    this.help = help;
  }
}

export function printFailure({ message, help }: Pick<Failure, 'message' | 'help'>, terminal: Terminal): void {
  terminal.err(`${paint(terminal, 'red', 'error:')} ${escapeUnprintable(message)}\n`);
  if (help !== undefined) terminal.err(`${paint(terminal, 'blue', 'help:')} ${escapeUnprintable(help)}\n`);
}
