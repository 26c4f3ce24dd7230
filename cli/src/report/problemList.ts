// All problems of one run, by file and place, with a last line that sums them up.
import { paint, type Terminal } from '../frame/terminal.ts';
import { renderDiagnostic, toJson, type Diagnostic } from './diagnostic.ts';

export interface Scope {
  readonly policies: number;
  readonly files: number;
}

/** The last line: `2 errors, 1 warning in 3 files`, or `ok: 4 policies in 3 files`. */
export function printProblems(terminal: Terminal, problems: readonly Diagnostic[], scope: Scope): void {
  printDiagnostics(terminal, problems);
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const files = count(scope.files, 'file', 'files');
  if (problems.length === 0) {
    terminal.out(
      `${paint(terminal, 'green', 'ok')}: ${count(scope.policies, 'policy', 'policies')} in ${files}\n`,
    );
    return;
  }
  const counted = [
    ...(errors === 0 ? [] : [count(errors, 'error', 'errors')]),
    ...(warnings === 0 ? [] : [count(warnings, 'warning', 'warnings')]),
  ].join(', ');
  terminal.out(`${paint(terminal, errors > 0 ? 'red' : 'yellow', counted)} in ${files}\n`);
}

/** Each with an empty line behind it. */
export function printDiagnostics(terminal: Terminal, problems: readonly Diagnostic[]): void {
  for (const problem of sortProblems(problems)) terminal.out(`${renderDiagnostic(problem, terminal)}\n`);
}

export function problemsToJson(problems: readonly Diagnostic[]): Record<string, unknown>[] {
  return sortProblems(problems).map(toJson);
}

/** By file and place; errors before warnings at the same place. */
export function sortProblems(problems: readonly Diagnostic[]): Diagnostic[] {
  return [...problems].sort(
    (left, right) =>
      compare(left.place.file.path, right.place.file.path) ||
      left.place.start - right.place.start ||
      compare(left.severity, right.severity) ||
      compare(left.message, right.message),
  );
}

function count(things: number, one: string, many: string): string {
  return `${things} ${things === 1 ? one : many}`;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
