// What the process is asked that holds idle sessions, and what it answers.

export interface IdleQuestion {
  readonly url: string;
  /** Sessions are spread over them evenly. */
  readonly tokens: readonly string[];
  readonly sessions: number;
}

export interface IdleAnswer {
  readonly sessions: number;
  /** How many of them have a stream open, on which nothing happens. */
  readonly streams: number;
  /** Why no more streams could be opened; undefined where each session has one. */
  readonly refusal?: string;
}
