// Where the command writes. Results go to `out`, what concerns the running of the command itself to `err`.
import { writeSync } from 'node:fs';
import { styleText } from 'node:util';

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue';

export interface Terminal {
  /** Writes the text as it is. */
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly isTty: boolean;
  /** Columns to fit lines into. */
  readonly width: number;
  readonly colour: boolean;
}

/** Columns for output that goes to a file or a pipe. */
const pipeColumns = 100;
const narrowestColumns = 40;

/** NO_COLOR (no-color.org) and dumb terminals are honoured; without a terminal there is no colour. */
export function openTerminal(process: NodeJS.Process): Terminal {
  const { stdout, stderr, env } = process;
  for (const stream of [stdout, stderr]) stream.on('error', endWithReader);
  const mayColour = (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  return {
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    isTty: stdout.isTTY,
    width: stdout.isTTY ? Math.max(stdout.columns, narrowestColumns) : pipeColumns,
    colour: stdout.isTTY && mayColour,
  };
}

/** The text in a style, or as it is where there is no colour. */
export function paint(terminal: Pick<Terminal, 'colour'>, style: Style, text: string): string {
  return terminal.colour ? styleText(style, text, { validateStream: false }) : text;
}

/** `cardea ... | head`: whoever read has seen enough. Where nothing more can be written, whoever waits has to know. */
function endWithReader({ code = 'an unknown fault' }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') process.exit();
  try {
    writeSync(2, `error: what was found cannot be written: ${code}\n`);
  } finally {
    process.exit(1);
  }
}
