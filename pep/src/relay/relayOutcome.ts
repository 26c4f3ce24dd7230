// How a relayed reply ended, and what became of each request that it was to answer.
import type { Code } from '@cardea/schemas/codes';

export interface RelayOutcome {
  /**
   * `left`: the client was gone before the last byte. `failed`: what the server sent was of no use, or broke off.
   * `closed`: we ended the stream, since its identity no longer stands or the proxy stops.
   */
  readonly end: 'complete' | 'left' | 'failed' | 'closed';
  /** Why it failed. */
  readonly code: Code | undefined;
  /** By the key of the request's id; a request without one was not answered on this reply. */
  readonly answers: ReadonlyMap<string, Answer>;
}

export type Answer =
  | { readonly kind: 'result' }
  /** A result in which a tool says that it failed. */
  | { readonly kind: 'tool_error' }
  | { readonly kind: 'error'; readonly rpc: number }
  /** By an error of ours, in place of what the server sent or did not send. */
  | { readonly kind: 'replaced'; readonly code: Code };
