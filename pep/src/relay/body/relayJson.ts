// A reply that is one JSON document. Nothing goes to the client before the whole of it was judged, so its status can
// still be ours.
import { parseStrictJson, writeJson, type JsonValue } from '@cardea/schemas/json';
import { statusOf } from '../../serve/answers.ts';
import { sendWhole } from '../../wholeBody.ts';
import { report, type Exchange } from '../exchange.ts';
import { failureOf, revoked, sendFailure, type Failure } from '../failure.ts';
import { judgeFrame, type FrameTreatment } from '../frames/judgeFrame.ts';
import { clientHeaders } from '../replyHead.ts';
import { errorResponse, makeStop } from '../rpcError.ts';
import { collectBody, type CollectedBody } from './collectBody.ts';
import { sendEmpty } from './sendEmpty.ts';

/** Also for replies that announce no kind of body: those may only be empty. */
export async function relayJson(exchange: Exchange): Promise<void> {
  const { reply, response, head, context, options } = exchange;
  const end = (): void => {
    // What is on its way already comes to its end.
    if (!isOver(exchange)) sendFailure(exchange, revoked);
  };
  const { leave } = options.streams.register({ context, response, listening: undefined, end });
  response.once('close', leave);
  const body = await collectBody(reply, options.limits, exchange.holding);
  if (isOver(exchange)) return;
  if (body.kind !== 'whole') sendFailure(exchange, failures[body.kind]);
  else if (body.bytes.length === 0) sendEmpty(exchange);
  else if (head.media === 'absent') sendFailure(exchange, failureOf(head.status));
  else if (head.status < 400 && context.asked.size === 0) dropBody(exchange);
  else await relayDocument(body.bytes, exchange);
}

/** The client has left, or was told why it gets nothing. */
function isOver({ response }: Exchange): boolean {
  return response.destroyed || response.headersSent;
}

const failures: Readonly<Record<Exclude<CollectedBody['kind'], 'whole'>, Failure>> = {
  too_large: { code: 'upstream_invalid', message: "the server's answer is too large" },
  too_slow: { code: 'upstream_timeout' },
  too_much: { code: 'overloaded' },
  broken: { code: 'upstream_error' },
};

async function relayDocument(bytes: Buffer, exchange: Exchange): Promise<void> {
  const { response, head, context } = exchange;
  const judged = judgeFrame(bytes, exchange);
  const treatment = judged instanceof Promise ? await judged : judged;
  if (isOver(exchange)) return;
  const document = complete(treatment, bytes, exchange);
  if (document === undefined) {
    sendFailure(exchange, failureOf(head.status));
    return;
  }
  const code = treatment.kind === 'replace' ? treatment.code : undefined;
  const status = code === undefined ? head.status : statusOf(code, context.era);
  const headers = clientHeaders(exchange, code === undefined);
  headers.push('content-length', String(document.length));
  response.writeHead(status, headers);
  sendWhole(response, document);
}

/** With an answer to everything that was asked; undefined where what came is of no use. */
function complete(treatment: FrameTreatment, bytes: Buffer, exchange: Exchange): Buffer | undefined {
  if (treatment.kind === 'withhold') return undefined;
  const document = treatment.kind === 'pass' ? bytes : Buffer.from(treatment.text);
  const waiting = exchange.answers.waiting();
  if (waiting.length === 0) return document;
  const answers = parseStrictJson(document, { ...whole, bytesMax: document.length, numbers: 'any' });
  if (!Array.isArray(answers)) return undefined;
  const stop = makeStop('upstream_invalid', 'the server left this request without an answer');
  for (const { id } of waiting) exchange.answers.note(id, { kind: 'replaced', code: stop.code });
  report(exchange, { kind: 'replaced', code: stop.code, count: waiting.length });
  const errors = waiting.map(({ id }) => errorResponse(id, stop));
  return Buffer.from(writeJson([...(answers as readonly JsonValue[]), ...errors], 'any'));
}

/** The document has passed them. */
const whole = { depthMax: 512, nodesMax: Number.MAX_SAFE_INTEGER };

/** Nothing was asked, so nothing can be answered. */
function dropBody(exchange: Exchange): void {
  report(exchange, { kind: 'withheld', reason: 'unasked_answer' });
  sendEmpty(exchange);
}
