// What the proxy does with one message. A denial is a value; faults have become denials before they get here.
import type { Code } from '@cardea/schemas/codes';
import type { JsonObject } from '@cardea/schemas/json';

export type Verdict =
  | { readonly kind: 'allow'; readonly decisionId: string }
  | Denial
  | {
      readonly kind: 'hold';
      readonly code: 'held';
      readonly message: string;
      readonly decisionId: string;
      readonly approvers: readonly string[];
    };

export interface Denial {
  readonly kind: 'deny';
  readonly code: Code;
  readonly message: string;
  /** Absent where the decision service did not get to decide. */
  readonly decisionId?: string;
  /** What the protocol wants an error of this kind to say beside. */
  readonly details?: JsonObject;
}
