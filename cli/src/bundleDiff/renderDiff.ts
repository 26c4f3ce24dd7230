// A comparison of two bundles for people: what was edited, and what that does.
import type { BundleDiff, Difference } from '@cardea/bundles';
import { paint, type Terminal } from '../frame/terminal.ts';
import { showName } from '../policyTests/policyTest.ts';
import { characterWidth } from '../report/characterWidth.ts';
import { escapeLine } from '../report/printable.ts';
import type { Access } from '../whoCan/access.ts';
import { showCondition } from '../whoCan/renderAccess.ts';
import type { AccessChange } from './compareAccess.ts';
import type { TestChange } from './compareTests.ts';
import type { Comparison } from './compareBundles.ts';

export function renderDiff(comparison: Comparison, terminal: Pick<Terminal, 'colour'>): string {
  const { sources, access, notShown, tests } = comparison;
  const blocks = [
    `${comparison.before} -> ${comparison.after}\n`,
    renderSources(sources, comparison.settingsChanged, terminal),
    renderAccessChanges(access, terminal),
    renderTestChanges(tests.changes),
    renderNotShown(notShown, terminal),
    renderCounts(comparison, terminal),
  ];
  return blocks.filter((block) => block !== '').join('\n');
}

function renderSources(
  sources: BundleDiff,
  settingsChanged: boolean,
  terminal: Pick<Terminal, 'colour'>,
): string {
  const lines = (['policies', 'tools', 'servers'] as const).flatMap((kind) =>
    listDifference(sources[kind], terminal).map((line, at) => (at === 0 ? kind : '').padEnd(10) + line),
  );
  if (settingsChanged) lines.push('settings'.padEnd(10) + paint(terminal, 'yellow', '~ counters'));
  if (sources.engineChanged) lines.push('engine'.padEnd(10) + paint(terminal, 'yellow', '~ another engine'));
  return lines.map((line) => `${line}\n`).join('');
}

function listDifference(
  { added, removed, changed }: Difference,
  terminal: Pick<Terminal, 'colour'>,
): string[] {
  return [
    ...removed.map((name) => paint(terminal, 'red', `- ${escapeLine(name)}`)),
    ...added.map((name) => paint(terminal, 'green', `+ ${escapeLine(name)}`)),
    ...changed.map((name) => paint(terminal, 'yellow', `~ ${escapeLine(name)}`)),
  ];
}

/** A row for each change, and below it the conditions that came and went. */
function renderAccessChanges(changes: readonly AccessChange[], terminal: Pick<Terminal, 'colour'>): string {
  if (changes.length === 0) return '';
  const rows = changes.map((change) => [
    change.group === undefined ? 'anyone' : escapeLine(change.group),
    escapeLine(change.tool),
    showAccess(change.before),
    showAccess(change.after),
  ]);
  const grid = [['group', 'tool', 'before', 'after'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...grid.map((row) => widthOf(row[column] ?? ''))));
  return grid
    .map((row, at) => {
      const cells = row.map(
        (text, column) => text + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(text))),
      );
      const line = cells.join('  ').trimEnd();
      const change = changes[at - 1];
      if (change === undefined) return `${paint(terminal, 'bold', line)}\n`;
      return `${paint(terminal, colours[change.direction], line)}\n${renderConditions(change)}`;
    })
    .join('');
}

const colours = { wider: 'red', narrower: 'green', other: 'yellow' } as const;

function showAccess(access: Access | undefined): string {
  if (access === undefined) return 'denied (no such tool)';
  return access.answer === 'held' ? `held by ${access.approvers.map(escapeLine).join(', ')}` : access.answer;
}

/** Of a call that is denied whatever it holds there is nothing to add. */
function renderConditions({ before, after }: AccessChange): string {
  if (after === undefined || after.answer === 'denied') return '';
  const wasDenied = before === undefined || before.answer === 'denied';
  // Guardrails are there for every call: they are news only where one of them came or went.
  const old = wasDenied ? [] : [...listConditions(before), ...listGuardrails(before)];
  const fresh = wasDenied ? listConditions(after) : [...listConditions(after), ...listGuardrails(after)];
  const lines = [
    ...old.filter((line) => !fresh.includes(line)).map((line) => `- ${line}`),
    ...fresh.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
  ];
  return lines.map((line) => `    ${line}\n`).join('');
}

function listConditions({ conditions }: Access): string[] {
  return conditions.map(showCondition);
}

function listGuardrails({ guardrails }: Access): string[] {
  return guardrails.map((id) => `denied when its condition holds (${escapeLine(id)})`);
}

function renderTestChanges(changes: readonly TestChange[]): string {
  return changes
    .map(({ test, before, after }) => {
      const name = `${escapeLine(test.path)}: ${escapeLine(showName(test))}`;
      return `${name}\n    ${escapeLine(before)} -> ${escapeLine(after)}\n`;
    })
    .join('');
}

function renderNotShown(ids: readonly string[], terminal: Pick<Terminal, 'colour'>): string {
  if (ids.length === 0) return '';
  const list = ids.map((id) => `  ${escapeLine(id)}\n`).join('');
  const words = 'verdicts may change for single people, agents or their tags, whom no group shows';
  return `${paint(terminal, 'yellow', words)}:\n${list}`;
}

function renderCounts(
  { access, notShown, tests, accessCompared }: Comparison,
  terminal: Pick<Terminal, 'colour'>,
): string {
  const requests = count(tests.asked, 'request of a test', 'requests of tests');
  if (access.length + tests.changes.length === 0) {
    const compared = accessCompared ? `every group and tool, and for ${requests}` : requests;
    const colour = notShown.length === 0 ? 'green' : 'yellow';
    return `${paint(terminal, colour, 'no verdict changes')} for ${compared}\n`;
  }
  const directions = (['wider', 'narrower', 'other'] as const).flatMap((direction) => {
    const found = access.filter((change) => change.direction === direction).length;
    return found === 0 ? [] : [`${found} ${directionWords[direction]}`];
  });
  const pairs = count(access.length, 'pair of group and tool', 'pairs of group and tool');
  const detail = directions.length === 0 ? '' : ` (${directions.join(', ')})`;
  const turned = `${tests.changes.length} of ${requests}`;
  const what = accessCompared ? `${pairs}${detail} and ${turned}` : turned;
  return `${paint(terminal, 'yellow', 'verdicts change')} for ${what}\n`;
}

const directionWords = { wider: 'wider', narrower: 'narrower', other: 'by other conditions' } as const;

function count(things: number, one: string, many: string): string {
  return `${things} ${things === 1 ? one : many}`;
}

function widthOf(text: string): number {
  return Array.from(text).reduce((width, character) => width + characterWidth(character), 0);
}
