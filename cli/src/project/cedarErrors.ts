// Cedar's own errors as diagnostics. They count UTF-8 bytes from the start of the text that Cedar was given, and hang
// the second error and all later ones below the first.
import { characterOffset } from '@cardea/engine';
import type { Diagnostic, Place } from '../report/diagnostic.ts';
import type { SourceFile } from '../report/sourceFile.ts';

export interface CedarError {
  readonly message: string;
  readonly help: string | null;
  readonly sourceLocations?: readonly {
    readonly label: string | null;
    readonly start: number;
    readonly end: number;
  }[];
  readonly related?: readonly CedarError[];
}

/** The text that Cedar was given: a whole file, or the policy that starts at `start` in it. */
export interface CedarText {
  readonly file: SourceFile;
  readonly start: number;
  readonly text: string;
}

/** Cedar reports at most this many errors for one text before we stop listing them. */
const errorsMax = 100;

/** What the place says better. */
const preambles =
  /^(?:failed to parse (?:policy|template|schema)(?: with id `[^`]*`)? from (?:string|JSON): |error parsing schema: |cannot parse input policies: |for policy `(?:[^`])*`, )+/;

export function describeErrors(
  errors: readonly CedarError[],
  code: string,
  given: CedarText,
  severity: Diagnostic['severity'] = 'error',
): Diagnostic[] {
  return flatten(errors)
    .slice(0, errorsMax)
    .map((error) => {
      const labels = (error.sourceLocations ?? []).flatMap(({ label }) => label ?? []);
      return {
        severity,
        code,
        message: error.message.replace(preambles, ''),
        ...(labels.length === 0 ? {} : { notes: labels }),
        ...(error.help === null ? {} : { help: error.help }),
        place: locate(error, given),
      };
    });
}

/** An error without a place is about the whole: it points at the first character. */
function locate(error: CedarError, { file, start, text }: CedarText): Place {
  const { start: from, end: to } = error.sourceLocations?.[0] ?? { start: 0, end: 1 };
  return { file, start: start + characterOffset(text, from), end: start + characterOffset(text, to) };
}

function flatten(errors: readonly CedarError[]): CedarError[] {
  return errors.flatMap((error) => [error, ...flatten(error.related ?? [])]);
}
