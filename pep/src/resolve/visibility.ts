// What lists may show to one identity: everything that some call of it could be allowed or held, and nothing else.

export interface Visible {
  /** By the names that the server itself uses. */
  readonly tools: ReadonlySet<string>;
  readonly prompts: ReadonlySet<string>;
  readonly resources: ReadonlySet<string>;
  readonly templates: ReadonlySet<string>;
  /** What the catalog knows and this identity must not learn of, under any of those kinds. */
  readonly hidden: ReadonlySet<string>;
}
