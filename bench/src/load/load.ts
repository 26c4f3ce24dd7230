// What the load generator is asked, and what it answers.

export interface Load {
  readonly url: string;
  readonly path: string;
  readonly token: string;
  readonly connections: number;
  /** Each connection goes round its own share of them: neighbours stay together. At least one for each. */
  readonly bodies: readonly string[];
  /** Ends after so long; or, with `once`, when every body was sent, and then at the latest. */
  readonly timeMs: number;
  readonly once?: true;
}

export interface LoadResult {
  readonly answers: number;
  readonly perSecond: number;
  /** Everything but 2xx, and connections that broke. */
  readonly failures: number;
}
