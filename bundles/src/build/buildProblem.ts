// What keeps sources from becoming a bundle, always with the place: authors read these as a compiler's messages.

import type { PolicyProblem } from '@cardea/engine';

export interface BuildProblem {
  readonly severity: 'error' | 'warning';
  readonly code: BuildCode;
  readonly message: string;
  readonly help?: string;
  /** Path in the source tree. */
  readonly file: string;
  /** Range in the file, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

export type BuildCode =
  | PolicyProblem['code']
  | 'catalog_invalid'
  | 'entities_invalid'
  | 'guardrail_changed'
  | 'guardrail_missing'
  | 'name_unknown'
  | 'project_invalid'
  | 'schema_invalid'
  | 'source_misplaced'
  | 'source_missing'
  | 'source_too_large'
  | 'source_unreadable'
  | 'test_failed';

export interface Place {
  readonly file: string;
  readonly start?: number;
  readonly end?: number;
}

export function makeProblem(code: BuildCode, message: string, place: Place): BuildProblem {
  const { file, start = 0, end = start + 1 } = place;
  return { severity: 'error', code, message, file, start, end };
}

/** By file and place, errors and warnings mixed: the order in which an author goes through them. */
export function sortProblems(problems: readonly BuildProblem[]): BuildProblem[] {
  return [...problems].sort(
    (left, right) =>
      Number(left.file > right.file) - Number(left.file < right.file) ||
      left.start - right.start ||
      Number(left.message > right.message) - Number(left.message < right.message),
  );
}

/** Positions as the engine reports them, in UTF-8 bytes, and what it says about them. */
export interface CedarError {
  readonly message: string;
  readonly help?: string | null;
  readonly sourceLocations?: readonly { readonly start: number; readonly end: number }[];
}
