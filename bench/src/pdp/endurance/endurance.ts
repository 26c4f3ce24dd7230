// What the enduring process is asked, and what it answers.

export interface EnduranceQuestion {
  readonly policies: number;
  readonly decisions: number;
}

export interface EnduranceAnswer {
  /** Resident memory after each tenth of the decisions. */
  readonly rssMb: readonly number[];
}
