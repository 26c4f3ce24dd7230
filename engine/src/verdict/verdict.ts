// What the engine answers. A verdict is a pure function of (policies and entities of the bundle, request): nothing
// here depends on a clock, an order of arrival, or an earlier request.
import type { CedarEntity, CedarRecord, EntityUid } from '@cardea/schemas/cedar';

/** Who wants to do what to which: all that discovery and `dependsOn` are functions of. */
export interface Tuple {
  readonly principal: EntityUid;
  readonly action: EntityUid;
  readonly resource: EntityUid;
  /** The request's own entities: the principal with its groups, the agent. They stand before the bundle's. */
  readonly entities: readonly CedarEntity[];
}

export interface DecisionRequest extends Tuple {
  /** Values already typed. What no policy reads is neither looked at nor paid for. */
  readonly context: CedarRecord;
  /** Families of facts that the caller states. A family that is read and not stated makes the answer `needs`. */
  readonly supplied: readonly string[];
  /** Ids of the hold policies that were shown to whoever approved this very call. */
  readonly approved: readonly string[];
}

/** A policy that took part in a verdict. */
export interface Reason {
  readonly policy: string;
  readonly effect: 'permit' | 'forbid';
  /** The policy's own @message, if it has one. */
  readonly message?: string;
}

export type DenyCode =
  'default_deny' | 'forbidden' | 'policy_error' | 'unrepresentable_value' | 'engine_fault';

/** `reasons` are sorted by policy id, `dependsOn` and `approvers` by name: two equal requests get equal bytes. */
export type Verdict =
  | { readonly kind: 'allow'; readonly reasons: readonly Reason[]; readonly dependsOn: readonly string[] }
  | {
      readonly kind: 'deny';
      readonly code: DenyCode;
      readonly reasons: readonly Reason[];
      readonly dependsOn: readonly string[];
      /** For `unrepresentable_value`: which path, and why. Never a value. */
      readonly detail?: string;
    }
  | {
      readonly kind: 'hold';
      /** Groups of which one member each has to approve. */
      readonly approvers: readonly string[];
      readonly reasons: readonly Reason[];
      readonly dependsOn: readonly string[];
    }
  | { readonly kind: 'needs'; readonly families: readonly string[]; readonly dependsOn: readonly string[] };
