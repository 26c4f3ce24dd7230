// A policy test: one request and what is to come of it, in the format of `cedar run-tests`. The optional keys ask our
// decision service about the same request; the cedar command ignores them, so one file serves both.
import type { EntityUid } from '@cardea/schemas/cedar';
import type { JsonValue } from '@cardea/schemas/json';
import type { Diagnostic, Place } from '../report/diagnostic.ts';

export interface TestIdentity {
  /** As the user named it. */
  readonly path: string;
  /** In its file, from 0. */
  readonly index: number;
  readonly name?: string;
  /** Where a member of the test stands, by JSON Pointer below the test; the test itself where there is no such member. */
  readonly placeOf: (pointer: string) => Place;
}

/** What Cedar is to answer. */
export interface Expectation {
  readonly decision: 'allow' | 'deny';
  /** Policies that have to be among those that determined the decision. */
  readonly reason: readonly string[];
  readonly errorCount: number;
}

/** What the decision service is to answer. */
export interface ServiceExpectation {
  readonly verdict?: 'allow' | 'deny' | 'hold' | 'needs';
  readonly code?: string;
  /** All groups that have to approve, in any order. */
  readonly approvers?: readonly string[];
}

export interface PolicyTest extends TestIdentity {
  readonly kind: 'test';
  readonly principal: EntityUid;
  readonly action: EntityUid;
  readonly resource: EntityUid;
  readonly context: JsonValue;
  readonly entities: JsonValue;
  readonly expected: Expectation;
  readonly service: ServiceExpectation;
  /** Ids of the hold policies that somebody has approved. */
  readonly approved: readonly string[];
  /** Families of facts that the caller states; absent means all. */
  readonly supplied?: readonly string[];
  /** Keys that look like misspelt ones. */
  readonly warnings: readonly Diagnostic[];
}

/** An entry that is no test: it fails without running. */
export interface BrokenTest extends TestIdentity {
  readonly kind: 'broken';
  readonly problems: readonly Diagnostic[];
}

/** The test's name, or its place in the file as `#2`. */
export function showName({ name, index }: TestIdentity): string {
  return name ?? `#${index + 1}`;
}
