// What the process of a proxy is asked, whichever it is, and what it answers.

export type ProxyQuestion =
  /** What the setup is depends on the proxy. */
  | { readonly kind: 'start'; readonly setup: unknown }
  | { readonly kind: 'usage' }
  /** Collects garbage first: for long runs alone. */
  | { readonly kind: 'live' };

export type ProxyAnswer =
  | { readonly kind: 'started'; readonly url: string }
  | ({ readonly kind: 'usage' } & Usage)
  | { readonly kind: 'live'; readonly liveMb: number; readonly rssMb: number };

/** Of the proxy's own process; NaN where the machine does not tell. */
export interface Usage {
  /** User and system, since it started. */
  readonly cpuUs: number;
  readonly rssMb: number;
}

export const megabyte = 1_000_000;
