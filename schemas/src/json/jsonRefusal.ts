// A refusal that says where in the document it arose.

import type { Code } from '../codes/codes.ts';
import { Refusal } from '../codes/refusal.ts';

export interface JsonPosition {
  /** Index into the decoded text, in UTF-16 code units as editors count them. */
  readonly offset: number;
  /** From 1. Lines end with a line feed. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
}

export class JsonRefusal extends Refusal implements JsonPosition {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  /** The message without the position. */
  readonly detail: string;

  constructor(code: Code, detail: string, position: JsonPosition) {
    super(code, `line ${position.line}, column ${position.column}: ${detail}`);
    this.name = 'JsonRefusal';
    this.detail = detail;
    this.offset = position.offset;
    this.line = position.line;
    this.column = position.column;
  }
}

/** Counts lines from the start, so it is called for a refusal or on demand, never while parsing. */
export function positionAt(text: string, offset: number): JsonPosition {
  let line = 1;
  let lineStart = 0;
  for (;;) {
    const lineFeed = text.indexOf('\n', lineStart);
    if (lineFeed === -1 || lineFeed >= offset) return { offset, line, column: offset - lineStart + 1 };
    line += 1;
    lineStart = lineFeed + 1;
  }
}
