// Everything that comes back from a server, on its way to the client: every frame is parsed and judged, and its bytes go
// on as they came, unless a list must be filtered, a text cleaned or a frame withheld.
import type { ServerResponse } from 'node:http';
import type { UpstreamReply } from '../act/upstreamReply.ts';
import { Refusal, type Code } from '@cardea/schemas/codes';
import { relayJson } from './body/relayJson.ts';
import { sendEmpty } from './body/sendEmpty.ts';
import { EventRelay } from './events/eventRelay.ts';
import type { Exchange } from './exchange.ts';
import { failureOf, revoked, sendFailure } from './failure.ts';
import { Answers } from './frames/answers.ts';
import type { RelayContext, RelayOptions } from './relayContext.ts';
import type { RelayOutcome } from './relayOutcome.ts';
import { readHead } from './replyHead.ts';

export type { RelayContext, RelayedRequest, RelayOptions, SessionOpening } from './relayContext.ts';
export type { RelayEvent } from './relayEvent.ts';
export type { RelayOutcome } from './relayOutcome.ts';

/**
 * Resolves with how it ended once the last byte is written or the client is gone; never rejects for what the server
 * does. The response must not have a head yet.
 */
export function relayReply(
  reply: UpstreamReply,
  response: ServerResponse,
  context: RelayContext,
  options: RelayOptions,
): Promise<RelayOutcome> {
  const exchange: Exchange = {
    reply,
    response,
    context,
    options,
    head: readHead(reply, options.secretOf(context.server)),
    answers: new Answers(context),
    holding: options.held.open(),
    opened: undefined,
    failure: undefined,
    hasLostFrame: false,
    isClosed: false,
  };
  reply.forgetHeaders();
  // What breaks closes too, and is dealt with there.
  reply.on('error', () => undefined);
  if (response.destroyed) {
    reply.destroy();
    return Promise.resolve(outcomeOf(exchange));
  }
  return new Promise((resolve) => {
    response.once('close', () => {
      exchange.holding.end();
      // In the stateless era this is what takes a call back.
      if (!reply.readableEnded) reply.destroy();
      resolve(outcomeOf(exchange));
    });
    relay(exchange).catch((fault: unknown) => {
      breakOff(exchange, fault);
    });
  });
}

async function relay(exchange: Exchange): Promise<void> {
  const { head, context, options } = exchange;
  const { status, media } = head;
  if (!options.mayStay(context)) {
    sendFailure(exchange, revoked);
    return;
  }
  const isSuccess = status >= 200 && status < 300;
  const isListening = context.httpMethod === 'GET';
  if (status === 401 || status === 403 || (status < 400 && !isSuccess)) {
    sendFailure(exchange, failureOf(status));
  } else if (isSuccess && media === 'events') {
    new EventRelay(exchange).start();
  } else if (media === 'other' || media === 'events' || (isSuccess && isListening)) {
    refuseBody(exchange);
  } else {
    await relayJson(exchange);
  }
}

/** A body of a kind that nobody here can read. Where nothing was asked nobody needs to. */
function refuseBody(exchange: Exchange): void {
  const { reply, head, context } = exchange;
  if (head.status >= 400 || context.asked.size > 0 || context.httpMethod === 'GET') {
    sendFailure(exchange, failureOf(head.status));
    return;
  }
  reply.destroy();
  sendEmpty(exchange);
}

/** Before anything was said the client learns why; afterwards it finds the stream broken. */
function breakOff(exchange: Exchange, fault: unknown): void {
  const { response, reply } = exchange;
  const code = fault instanceof Refusal ? fault.code : 'internal_fault';
  if (!response.headersSent) {
    sendFailure(exchange, { code });
    return;
  }
  exchange.failure = code;
  reply.destroy();
  response.destroy();
}

function outcomeOf({ response, answers, failure: code, isClosed }: Exchange): RelayOutcome {
  return { end: endOf(response.writableFinished, code, isClosed), code, answers: answers.given };
}

function endOf(isFinished: boolean, code: Code | undefined, isClosed: boolean): RelayOutcome['end'] {
  if (code !== undefined) return 'failed';
  if (isClosed) return 'closed';
  return isFinished ? 'complete' : 'left';
}
