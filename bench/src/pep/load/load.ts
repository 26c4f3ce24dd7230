// What the load generator is asked, and what it answers. Connections are opened first and used then, so that whoever
// asks can look at a proxy's own clock in between.
import type { Call } from '../workload/calls.ts';

export interface Load {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  /** Each connection goes round its own share of them; at least one for each. */
  readonly calls: readonly Call[];
}

export interface Bounds {
  /** No call begins after that. */
  readonly timeMs: number;
  /** Over all connections. */
  readonly callsMax: number;
  /** Each call is about an amount that none has been about before. */
  readonly isFresh: boolean;
}

export interface LoadResult {
  readonly answers: number;
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** Everything that was not the result of the call, and connections that broke. */
  readonly failures: number;
  /** What the first of them was. */
  readonly failure?: string;
}

export type LoadQuestion =
  { readonly kind: 'open'; readonly load: Load } | { readonly kind: 'run'; readonly bounds: Bounds };

export type LoadAnswer = { readonly kind: 'opened' } | { readonly kind: 'ran'; readonly result: LoadResult };
