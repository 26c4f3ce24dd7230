// The table for people: a row for each tool, a column for each group, and below it the conditions, each once.
import { paint, type Terminal } from '../frame/terminal.ts';
import { characterWidth } from '../report/characterWidth.ts';
import { escapeLine } from '../report/printable.ts';
import type { Access, Condition } from './access.ts';
import type { AccessTable } from './accessTable.ts';

const gap = '  ';

/** Columns that do not fit go into a further table below. */
export function renderAccess(table: AccessTable, terminal: Pick<Terminal, 'width' | 'colour'>): string {
  const notes = new Notes();
  const head = ['', ...table.groups.map((group) => (group === undefined ? 'anyone' : escapeLine(group)))];
  const rows = table.rows.map(({ tool, review, cells }) => [
    { text: escapeLine(tool) + (review === 'pending' ? ' (pending)' : '') },
    ...cells.map((access): Cell => ({ text: showAccess(access, notes), answer: access.answer })),
  ]);
  const grid: Cell[][] = [head.map((text) => ({ text, isHead: true })), ...rows];
  const widths = head.map((_, column) => Math.max(...grid.map((row) => widthOf(row[column]?.text ?? ''))));
  const blocks = splitColumns(widths, terminal.width).map((columns) =>
    grid.map((row) => renderRow(row, columns, widths, terminal)).join(''),
  );
  return [...blocks, ...notes.render()].join('\n');
}

interface Cell {
  readonly text: string;
  readonly answer?: Access['answer'];
  readonly isHead?: true;
}

const colours = { allowed: 'green', conditional: 'yellow', held: 'blue', denied: 'dim' } as const;

function showAccess({ answer, approvers, conditions }: Access, notes: Notes): string {
  const held = answer === 'held' ? ` by ${approvers.map(escapeLine).join(', ')}` : '';
  const note = conditions.length === 0 ? '' : ` [${notes.numberOf(conditions)}]`;
  return answer + held + note;
}

/** Conditions by number, from 1, each list of them once. */
class Notes {
  readonly #lists = new Map<string, { readonly number: number; readonly conditions: readonly Condition[] }>();

  numberOf(conditions: readonly Condition[]): number {
    const key = JSON.stringify(conditions);
    const number = this.#lists.get(key)?.number ?? this.#lists.size + 1;
    this.#lists.set(key, { number, conditions });
    return number;
  }

  /** All of them as one paragraph. */
  render(): string[] {
    const lines = [...this.#lists.values()].flatMap(({ number, conditions }) => {
      const label = `[${number}] `;
      return conditions.map((condition, at) => {
        const margin = at === 0 ? label : ' '.repeat(label.length);
        return `${margin}${showCondition(condition)}\n`;
      });
    });
    return lines.length === 0 ? [] : [lines.join('')];
  }
}

export function showCondition({ verdict, policy, condition, approver = '' }: Condition): string {
  const words = { allow: 'allowed', deny: 'denied', hold: `held by ${escapeLine(approver)}` }[verdict];
  return `${words} when ${escapeLine(condition)} (${escapeLine(policy)})`;
}

/** Column numbers for each table: the first column stands in all of them. */
function splitColumns([first = 0, ...others]: readonly number[], columnsMax: number): number[][] {
  const blocks: number[][] = [];
  let left = 0;
  for (const [at, width] of others.entries()) {
    const needed = gap.length + width;
    if (blocks.length === 0 || needed > left) {
      blocks.push([0]);
      left = columnsMax - first;
    }
    blocks.at(-1)?.push(at + 1);
    left -= needed;
  }
  return blocks;
}

function renderRow(
  row: readonly Cell[],
  columns: readonly number[],
  widths: readonly number[],
  terminal: Pick<Terminal, 'colour'>,
): string {
  const texts = columns.map((column, at) => {
    const cell = row[column] ?? { text: '' };
    const isLast = at === columns.length - 1;
    const padding = isLast ? '' : ' '.repeat((widths[column] ?? 0) - widthOf(cell.text));
    return paintCell(cell, terminal) + padding;
  });
  return `${texts.join(gap).trimEnd()}\n`;
}

function paintCell({ text, answer, isHead }: Cell, terminal: Pick<Terminal, 'colour'>): string {
  if (isHead === true) return paint(terminal, 'bold', text);
  return answer === undefined ? text : paint(terminal, colours[answer], text);
}

function widthOf(text: string): number {
  return Array.from(text).reduce((width, character) => width + characterWidth(character), 0);
}
