// A planted mistake: one edit that an honest programmer could make, and the tests that have to turn red.

export interface Mutant {
  readonly name: string;
  /** End of the path of the file that is edited. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Test file that has to notice. */
  readonly noticedBy: string;
}
