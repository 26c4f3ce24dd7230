// What the enduring process is asked, and what it answers.

export interface EnduranceQuestion {
  readonly policies: number;
  readonly decisions: number;
}

export interface EnduranceAnswer {
  /** After each tenth of the decisions: what the collector leaves, engine included, and what is resident. */
  readonly liveMb: readonly number[];
  readonly rssMb: readonly number[];
}
