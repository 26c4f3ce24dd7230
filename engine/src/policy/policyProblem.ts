// What can be wrong with policy text, always with the place: authors read these as a compiler's messages.

/** The engine evaluates recursively: chains and nesting beyond this could exhaust its stack. */
export const nestingMax = 100;

/** One policy; larger ones are data, and belong into attributes. */
export const policyCharactersMax = 64 * 1024;

export interface PolicyProblem {
  readonly code:
    | 'annotation_misspelt'
    | 'hold_empty'
    | 'hold_on_permit'
    | 'id_duplicate'
    | 'id_missing'
    | 'policy_invalid'
    | 'policy_syntax'
    | 'policy_template'
    | 'policy_too_deep'
    | 'policy_too_large'
    | 'policy_unknown_function';
  readonly message: string;
  readonly help?: string;
  readonly file: string;
  /** Range in the file, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}
