// A reply without a body: what a notification, an answer and the end of a session are acknowledged with.
import { sendFailure, failureOf } from '../failure.ts';
import type { Exchange } from '../exchange.ts';
import { clientHeaders } from '../replyHead.ts';

export function sendEmpty(exchange: Exchange): void {
  const { response, head, context, answers } = exchange;
  const { status } = head;
  if (status >= 400) {
    sendFailure(exchange, failureOf(status));
    return;
  }
  // A server with sessions may accept a request and answer on a stream that is open already.
  const isLater = status === 202 && context.session !== undefined;
  if (answers.waiting().length > 0 && !isLater) {
    sendFailure(exchange, { code: 'upstream_invalid', message: 'the server answered with nothing' });
    return;
  }
  const headers = clientHeaders({ ...exchange, head: { ...head, contentType: undefined } }, true);
  if (status !== 204) headers.push('content-length', '0');
  response.writeHead(status, headers);
  response.end();
}
