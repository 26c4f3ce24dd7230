// A file that diagnostics point into, and lines in it.

export interface SourceFile {
  /** As the user named it. */
  readonly path: string;
  readonly text: string;
}

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units, as editors count. */
  readonly column: number;
}

/** Offsets at which lines start: a report may ask for thousands of places in one file. */
const lineStarts = new WeakMap<SourceFile, readonly number[]>();

/** Lines end with a line feed. */
export function positionOf(file: SourceFile, offset: number): Position {
  const starts = lineStarts.get(file) ?? findLineStarts(file);
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

function findLineStarts(file: SourceFile): readonly number[] {
  const starts = [0];
  for (let feed = file.text.indexOf('\n'); feed >= 0; feed = file.text.indexOf('\n', feed + 1)) {
    starts.push(feed + 1);
  }
  lineStarts.set(file, starts);
  return starts;
}
