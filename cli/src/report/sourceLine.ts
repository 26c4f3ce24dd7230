// One line of a file as a terminal shows it, with carets below a range of it. Tabs become spaces, what could move the
// cursor is spelt out, and of a line that is too long the part around the range is shown.
import { characterWidth } from './characterWidth.ts';
import { escapeCharacter, isUnprintable } from './printable.ts';

const tabColumns = 4;
const ellipsis = '…';

/** Columns before the range that stay visible when a long line is cut. */
const leadColumns = 20;

export interface MarkedLine {
  readonly text: string;
  /** Spaces and carets; at least one caret. */
  readonly marks: string;
}

interface Cell {
  readonly text: string;
  readonly width: number;
  readonly isMarked: boolean;
}

/** `start` and `end` are UTF-16 offsets into the line; an empty range marks the character that it stands before. */
export function markLine(line: string, start: number, end: number, columnsMax: number): MarkedLine {
  // A line may be as long as a file: only what can possibly be shown is laid out.
  const from = Math.max(0, start - columnsMax);
  const to = start + columnsMax;
  const cells = layOut(line.slice(from, to), start - from, Math.max(end, start + 1) - from);
  // The end of a file or line is a place too: the caret stands behind the last character.
  if (start >= line.length) cells.push({ text: ' ', width: 1, isMarked: true });
  const { shown, ...cut } = fit(cells, columnsMax);
  const isCutLeft = cut.isCutLeft || from > 0;
  const isCutRight = cut.isCutRight || to < line.length;
  const text =
    (isCutLeft ? ellipsis : '') + shown.map((cell) => cell.text).join('') + (isCutRight ? ellipsis : '');
  const marks = drawMarks(shown);
  return { text: text.trimEnd(), marks: (isCutLeft ? ' ' : '') + marks.trimEnd() };
}

function drawMarks(cells: readonly Cell[]): string {
  const marks = cells.map((cell) => (cell.isMarked ? '^' : ' ').repeat(cell.width)).join('');
  if (marks.includes('^')) return marks;
  // Only characters without a width are meant: the one that they combine with stands in.
  const before = countColumns(
    cells.slice(
      0,
      cells.findIndex((cell) => cell.isMarked),
    ),
  );
  return `${' '.repeat(Math.max(0, before - 1))}^`;
}

function layOut(line: string, start: number, end: number): Cell[] {
  const cells: Cell[] = [];
  let at = 0;
  for (const character of line) {
    const isMarked = at < end && at + character.length > start;
    const { text, width } = draw(character);
    cells.push({ text, width, isMarked });
    at += character.length;
  }
  return cells;
}

function draw(character: string): { text: string; width: number } {
  if (character === '\t') return { text: ' '.repeat(tabColumns), width: tabColumns };
  if (!isUnprintable(character)) return { text: character, width: characterWidth(character) };
  const text = escapeCharacter(character);
  return { text, width: text.length };
}

function fit(
  cells: readonly Cell[],
  columnsMax: number,
): { shown: readonly Cell[]; isCutLeft: boolean; isCutRight: boolean } {
  if (countColumns(cells) <= columnsMax) return { shown: cells, isCutLeft: false, isCutRight: false };
  const marked = cells.findIndex((cell) => cell.isMarked);
  let from = marked;
  for (let lead = 0; from > 0; from -= 1) {
    lead += cells[from - 1]?.width ?? 0;
    if (lead > leadColumns) break;
  }
  let to = from;
  // One column on each side is kept for the ellipsis.
  for (let columns = 2; to < cells.length; to += 1) {
    columns += cells[to]?.width ?? 0;
    if (columns > columnsMax) break;
  }
  return { shown: cells.slice(from, to), isCutLeft: from > 0, isCutRight: to < cells.length };
}

function countColumns(cells: readonly Cell[]): number {
  return cells.reduce((columns, cell) => columns + cell.width, 0);
}
