// One reply on its way to its client, as all who work on it see it.
import type { ServerResponse } from 'node:http';
import type { UpstreamReply } from '../act/upstreamReply.ts';
import type { Code } from '@cardea/schemas/codes';
import type { Answers } from './frames/answers.ts';
import { withhold, type Withhold } from './frames/treatment.ts';
import type { Holding } from './heldBytes.ts';
import type { RelayContext, RelayOptions } from './relayContext.ts';
import type { Session } from '../sessions/session.ts';
import type { RelayEvent, WithheldReason } from './relayEvent.ts';
import type { ReplyHead } from './replyHead.ts';

export interface Exchange {
  readonly reply: UpstreamReply;
  readonly response: ServerResponse;
  readonly head: ReplyHead;
  readonly context: RelayContext;
  readonly options: RelayOptions;
  readonly answers: Answers;
  readonly holding: Holding;
  /** By the answer to `initialize`. */
  opened: Session | undefined;
  /** Why the reply was of no use, once that is known. */
  failure: Code | undefined;
  /** A frame could not be read, so that nobody knows what it was to answer. */
  hasLostFrame: boolean;
  /** We have ended the stream, whatever the server had still to say. */
  isClosed: boolean;
}

export function report({ options, context }: Pick<Exchange, 'options' | 'context'>, event: RelayEvent): void {
  options.report(event, context);
}

export function withholdFor(reason: WithheldReason, exchange: Exchange): Withhold {
  report(exchange, { kind: 'withheld', reason });
  return withhold;
}
