// One message about one place in one file, as a good compiler writes it. The same value prints for people and as JSON.
import { paint, type Terminal } from '../frame/terminal.ts';
import { escapeUnprintable } from './printable.ts';
import { positionOf, type SourceFile } from './sourceFile.ts';
import { markLine } from './sourceLine.ts';

/** A range in UTF-16 code units. `end` may equal `start`. */
export interface Place {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** What kind of problem, for programs: `policy_syntax`. */
  readonly code: string;
  readonly message: string;
  /** Further lines below the excerpt: what was expected, who decided. */
  readonly notes?: readonly string[];
  readonly help?: string;
  readonly place: Place;
}

const severityColour = { error: 'red', warning: 'yellow' } as const;

export function renderDiagnostic(
  diagnostic: Diagnostic,
  terminal: Pick<Terminal, 'width' | 'colour'>,
): string {
  const { severity, code, message, notes = [], help, place } = diagnostic;
  const heading = paint(terminal, severityColour[severity], `${severity}[${code}]:`);
  const lines = [`${paint(terminal, 'bold', `${showPlace(place)}:`)} ${heading} ${indentRest(message)}`];
  const gutter = String(positionOf(place.file, place.start).line).length + 1;
  lines.push(...renderExcerpt(place, gutter, terminal));
  const margin = ' '.repeat(gutter + 1);
  for (const note of notes) lines.push(`${margin}${paint(terminal, 'blue', '=')} ${indentRest(note)}`);
  if (help !== undefined) lines.push(`${margin}${paint(terminal, 'blue', '= help:')} ${indentRest(help)}`);
  return `${lines.join('\n')}\n`;
}

/** `policies/refunds.cedar:3:14`, which editors and terminals take as a link. */
export function showPlace({ file, start }: Place): string {
  const { line, column } = positionOf(file, start);
  return `${escapeUnprintable(file.path)}:${line}:${column}`;
}

/** The JSON form: positions instead of offsets, no source text. */
export function toJson({ severity, code, message, notes, help, place }: Diagnostic): Record<string, unknown> {
  const start = positionOf(place.file, place.start);
  const end = positionOf(place.file, place.end);
  return {
    severity,
    code,
    message,
    ...(notes === undefined ? {} : { notes }),
    ...(help === undefined ? {} : { help }),
    file: place.file.path,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}

function renderExcerpt(
  { file, start, end }: Place,
  gutter: number,
  terminal: Pick<Terminal, 'width' | 'colour'>,
): string[] {
  if (file.text === '') return [];
  const { line, column } = positionOf(file, start);
  const lineStart = start - column + 1;
  const feed = file.text.indexOf('\n', lineStart);
  const source = file.text.slice(lineStart, feed < 0 ? undefined : feed).replace(/\r$/, '');
  // Of a range over several lines the first is shown: it is where the reader has to look.
  const { text, marks } = markLine(
    source,
    column - 1,
    end - lineStart,
    terminal.width - gutter - ' | '.length,
  );
  const number = paint(terminal, 'blue', `${String(line).padStart(gutter)} |`);
  const bar = paint(terminal, 'blue', `${' '.repeat(gutter)} |`);
  return [`${number} ${text}`, `${bar} ${paint(terminal, 'red', marks)}`];
}

function indentRest(text: string): string {
  return escapeUnprintable(text).replaceAll('\n', '\n    ');
}
