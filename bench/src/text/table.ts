// Tables of plain characters, for terminals and logs.

/** Every column as wide as its widest cell; the first to the left, the others, which are figures, to the right. */
export function writeTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const writeRow = (row: readonly string[]): string =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? '';
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [writeRow(head), rule, ...rows.map(writeRow)].map((line) => `${line}\n`).join('');
}

/** Three figures that count, and thousands kept apart. */
export function writeFigure(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const digits = value === 0 ? 2 : Math.min(2, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))));
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
