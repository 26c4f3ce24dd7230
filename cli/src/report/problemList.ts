// All problems of one run, by file and place, with a last line that sums them up.
import { paint, type Terminal } from '../frame/terminal.ts';
import { renderDiagnostic, toJson, type Diagnostic } from './diagnostic.ts';

/** The last line: `2 errors, 1 warning in 4 policies in 2 files`. */
export function printProblems(terminal: Terminal, problems: readonly Diagnostic[], scope: string): void {
  for (const problem of sortProblems(problems)) terminal.out(`${renderDiagnostic(problem, terminal)}\n`);
  const errors = countSeverity(problems, 'error');
  const warnings = countSeverity(problems, 'warning');
  const counted = [
    ...(errors === 0 ? [] : [`${errors} ${errors === 1 ? 'error' : 'errors'}`]),
    ...(warnings === 0 ? [] : [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`]),
  ].join(', ');
  if (counted === '') terminal.out(`${paint(terminal, 'green', 'ok')}: ${scope}\n`);
  else terminal.out(`${paint(terminal, errors > 0 ? 'red' : 'yellow', counted)} in ${scope}\n`);
}

export function problemsToJson(problems: readonly Diagnostic[]): Record<string, unknown>[] {
  return sortProblems(problems).map(toJson);
}

function sortProblems(problems: readonly Diagnostic[]): Diagnostic[] {
  return [...problems].sort(
    (left, right) =>
      compare(left.place.file.path, right.place.file.path) ||
      left.place.start - right.place.start ||
      compare(left.severity, right.severity) ||
      compare(left.message, right.message),
  );
}

function countSeverity(problems: readonly Diagnostic[], severity: Diagnostic['severity']): number {
  return problems.filter((problem) => problem.severity === severity).length;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
