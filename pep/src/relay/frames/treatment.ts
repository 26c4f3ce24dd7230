// What becomes of one message of a server.
import type { Code } from '@cardea/schemas/codes';
import type { JsonObject } from '@cardea/schemas/json';

/** With its bytes as they came. */
export interface Pass {
  readonly kind: 'pass';
}

export interface Withhold {
  readonly kind: 'withhold';
}

export interface Replace {
  readonly kind: 'replace';
  readonly value: JsonObject;
  /** Of the error that stands in its place; undefined where it is the server's answer without what it may not show. */
  readonly code: Code | undefined;
  /** Where only one value differs from what came: everything around it keeps its bytes. */
  readonly only?: { readonly pointer: string; readonly literal: string };
}

export type Treatment = Pass | Withhold | Replace;

export const pass: Pass = { kind: 'pass' };
export const withhold: Withhold = { kind: 'withhold' };
