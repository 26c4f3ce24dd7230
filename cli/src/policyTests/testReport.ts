// A run of tests for people: each test by name, what is wrong with it below, and at the end what nobody tested.
import { paint, type Terminal } from '../frame/terminal.ts';
import { renderDiagnostic, showPlace, type Diagnostic } from '../report/diagnostic.ts';
import { escapeUnprintable } from '../report/printable.ts';
import { sortProblems } from '../report/problemList.ts';
import type { CoverageReport } from './coverage.ts';
import { showName } from './policyTest.ts';
import type { TestOutcome } from './testRunner.ts';
import { countResults, listProblems, type TestRun } from './testRun.ts';

/** Policies without a test that are listed by name; --json lists all. */
const unsatisfiedMax = 50;

const labels = { passed: ['green', 'ok   '], failed: ['red', 'FAIL '], error: ['red', 'ERROR'] } as const;

export function printTestRun(terminal: Terminal, run: TestRun): void {
  terminal.out(renderProblems(terminal, sortProblems(listProblems(run))));
  if (run.kind === 'refused') {
    terminal.out(`${paint(terminal, 'red', 'no test was run')}\n`);
    return;
  }
  terminal.out(renderOutcomes(terminal, run.outcomes));
  terminal.out(renderCounts(terminal, run.outcomes));
  terminal.out(renderCoverage(run.coverage));
  const notCompared = explainNotCompared(run);
  if (notCompared !== undefined) terminal.out(`note: ${escapeUnprintable(notCompared)}\n`);
}

function renderProblems(terminal: Terminal, problems: readonly Diagnostic[]): string {
  return problems.map((problem) => `${renderDiagnostic(problem, terminal)}\n`).join('');
}

function renderOutcomes(terminal: Terminal, outcomes: readonly TestOutcome[]): string {
  let text = '';
  let path: string | undefined;
  for (const { identity, result, problems } of outcomes) {
    if (path !== identity.path) text += `${escapeUnprintable(identity.path)}\n`;
    path = identity.path;
    const [colour, label] = labels[result];
    text += `  ${paint(terminal, colour, label)} ${escapeUnprintable(showName(identity))}\n`;
    if (problems.length > 0) text += `\n${renderProblems(terminal, problems)}`;
  }
  return text === '' || text.endsWith('\n\n') ? text : `${text}\n`;
}

function renderCounts(terminal: Terminal, outcomes: readonly TestOutcome[]): string {
  const { passed, failed, errors } = countResults(outcomes);
  const bad = `${failed} failed${errors > 0 ? `, ${errors} with errors` : ''}`;
  if (failed + errors > 0) return `${passed} passed, ${paint(terminal, 'red', bad)}\n`;
  return `${paint(terminal, 'green', `${passed} passed`)}, ${bad}\n`;
}

function renderCoverage({ satisfied, unsatisfied, percent }: CoverageReport): string {
  const total = satisfied.length + unsatisfied.length;
  const rest = unsatisfied.length > 0 ? '; by none:' : '';
  const lines = [`${satisfied.length} of ${total} policies (${percent} %) were satisfied by a test${rest}`];
  for (const { id, place } of unsatisfied.slice(0, unsatisfiedMax)) {
    lines.push(`  ${escapeUnprintable(JSON.stringify(id))} ${showPlace(place)}`);
  }
  if (unsatisfied.length > unsatisfiedMax) lines.push(`  and ${unsatisfied.length - unsatisfiedMax} more`);
  return `${lines.join('\n')}\n`;
}

function explainNotCompared({
  serviceRefusal,
  outcomes,
}: Extract<TestRun, { kind: 'ran' }>): string | undefined {
  if (serviceRefusal !== undefined) return `${serviceRefusal}, so only Cedar itself was asked`;
  const reasons = outcomes.flatMap(({ notCompared }) => notCompared ?? []);
  if (reasons.length === 0) return undefined;
  return `only Cedar itself was asked in ${reasons.length} of ${outcomes.length} tests: ${[...new Set(reasons)].join(', ')}`;
}
