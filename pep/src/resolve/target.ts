// What a message is about, in the words of the policies: an action on a server, or on something that it offers.
import type { Effect } from '@cardea/schemas/cedar';
import type { JsonObject } from '@cardea/schemas/json';

export type TargetType = 'Server' | 'Tool' | 'Prompt' | 'Resource';

export interface Target {
  /** The method on the wire: `tools/call`, `resources/read` ... */
  readonly method: string;
  readonly type: TargetType;
  /** Qualified: `desk`, `desk/refund_order`, `desk/file:///{path}`. */
  readonly id: string;
  /** Of a tool, as it was reviewed. */
  readonly effect?: Effect;
  /** The arguments of a tool; policies read them as `context.input`. */
  readonly input: JsonObject | undefined;
}
