// One document or event of a server: what of it reaches the client. Everything else that a frame could be is decided
// here once: what cannot be read goes to nobody.
import { Refusal, type Code } from '@cardea/schemas/codes';
import {
  parseStrictJson,
  replaceValue,
  writeJson,
  type JsonObject,
  type JsonValue,
} from '@cardea/schemas/json';
import { batchVersion } from '../../admit/era.ts';
import type { RpcResponse } from '../../admit/message.ts';
import { withholdFor, type Exchange } from '../exchange.ts';
import { quotesSecret } from '../leaks/quotesSecret.ts';
import { listShapes } from '../lists/listKind.ts';
import { makeStop } from '../rpcError.ts';
import { readEnvelope, type Envelope, type Unclear } from './envelope.ts';
import { judgeError, rpcCodeOf } from './judgeError.ts';
import { judgeNotification } from './judgeNotification.ts';
import { judgeQuestion } from './judgeQuestion.ts';
import { judgeResult, replaceAnswer } from './judgeResult.ts';
import { pass, withhold, type Pass, type Treatment, type Withhold } from './treatment.ts';

/** Of a whole frame, which may hold several messages. */
export type FrameTreatment =
  | Pass
  | Withhold
  | {
      readonly kind: 'replace';
      readonly text: string;
      /** Where the whole frame is one error of ours. */
      readonly code: Code | undefined;
    };

/** In one array, as many as our clients may send. */
const batchMessagesMax = 100;

/** Never throws nor rejects for what is in the frame, nor for what those say whom it asks. */
export function judgeFrame(bytes: Buffer, exchange: Exchange): FrameTreatment | Promise<FrameTreatment> {
  const value = readValue(bytes, exchange);
  if (value === undefined) return withhold;
  const { options, context } = exchange;
  if (quotesSecret(bytes, value, options.secretOf(context.server)))
    return replaceQuoting(bytes, value, exchange);
  if (Array.isArray(value)) return judgeBatch(value as readonly JsonValue[], exchange);
  const treatment = judgeMessage(value, exchange);
  if (!(treatment instanceof Promise)) return writeTreatment(treatment, bytes);
  return treatment.then((settled) => writeTreatment(settled, bytes));
}

/** Secrets never leave, not even as the server's own words. */
function replaceQuoting(bytes: Buffer, value: JsonValue, exchange: Exchange): FrameTreatment {
  const treatment = withholdFor('quoted_secret', exchange);
  const envelope = readEnvelope(value);
  if (envelope.kind === 'response' && exchange.answers.methodOf(envelope.id) !== undefined) {
    const stop = makeStop('upstream_invalid', 'the server said the credential that the proxy has for it');
    return writeTreatment(replaceAnswer(envelope.id, stop, exchange), bytes);
  }
  exchange.hasLostFrame ||= envelope.kind !== 'notification';
  return treatment;
}

function readValue(bytes: Buffer, exchange: Exchange): JsonValue | undefined {
  const { jsonDepthMax: depthMax, jsonNodesMax: nodesMax } = exchange.options.limits;
  try {
    return parseStrictJson(bytes, { depthMax, nodesMax, bytesMax: bytes.length + 1, numbers: 'any' });
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    exchange.hasLostFrame = true;
    withholdFor('invalid_frame', exchange);
    return undefined;
  }
}

/** `bytes` are what came. */
function writeTreatment(treatment: Treatment, bytes?: Buffer): FrameTreatment {
  if (treatment.kind !== 'replace') return treatment;
  const { value, code, only } = treatment;
  const isWhole = only === undefined || bytes === undefined;
  const spliced = isWhole ? undefined : replaceValue(bytes, only.pointer, only.literal);
  return { kind: 'replace', text: spliced ?? writeJson(value, 'any'), code };
}

/** Several messages in one array are part of one revision only; elsewhere some readers would read them and some not. */
async function judgeBatch(messages: readonly JsonValue[], exchange: Exchange): Promise<FrameTreatment> {
  const { session, isBatch = false } = exchange.context;
  const isKnown = isBatch || session?.protocol === batchVersion;
  if (!isKnown || messages.length === 0 || messages.length > batchMessagesMax) {
    exchange.hasLostFrame = true;
    return withholdFor('invalid_frame', exchange);
  }
  const kept: JsonValue[] = [];
  let isWhole = true;
  for (const message of messages) {
    const treatment = await judgeMessage(message, exchange);
    isWhole &&= treatment.kind === 'pass';
    if (treatment.kind === 'pass') kept.push(message);
    if (treatment.kind === 'replace') kept.push(treatment.value);
  }
  if (isWhole) return pass;
  return kept.length === 0 ? withhold : { kind: 'replace', text: writeJson(kept, 'any'), code: undefined };
}

function judgeMessage(value: JsonValue, exchange: Exchange): Treatment | Promise<Treatment> {
  const treatment = judgeEnvelope(readEnvelope(value), value as JsonObject, exchange);
  if (!(treatment instanceof Promise)) return treatment;
  return treatment.catch(() => {
    exchange.hasLostFrame = true;
    return withholdFor('fault', exchange);
  });
}

function judgeEnvelope(
  envelope: Envelope,
  value: JsonObject,
  exchange: Exchange,
): Treatment | Promise<Treatment> {
  switch (envelope.kind) {
    case 'response':
      return judgeResponse(envelope, value, exchange);
    case 'notification':
      return judgeNotification(envelope, exchange);
    case 'request':
      return judgeQuestion(envelope, exchange);
    case 'complaint':
      return judgeComplaint(envelope.error, value, exchange);
    case 'unclear':
      return answerUnclear(envelope, exchange);
  }
}

function judgeResponse(
  { id, outcome }: RpcResponse,
  value: JsonObject,
  exchange: Exchange,
): Treatment | Promise<Treatment> {
  const method = exchange.answers.methodOf(id);
  const isUnasked = method === undefined && !exchange.answers.mayAnswerEarlier(id);
  if (outcome.kind === 'error') {
    if (isUnasked) return withholdFor('unasked_answer', exchange);
    exchange.answers.note(id, { kind: 'error', rpc: rpcCodeOf(outcome.error) });
    return judgeError(outcome.error, value, exchange);
  }
  const { result } = outcome;
  // What a session asked for may be forgotten here and still come; a list is filtered as one whoever asked.
  const isLateList = exchange.context.httpMethod === 'GET' && holdsList(result);
  if (isUnasked && !isLateList) return withholdFor('unasked_answer', exchange);
  return judgeResult({ id, method, result, value }, exchange);
}

function holdsList(result: JsonObject): boolean {
  return listShapes.some(({ entriesKey }) => Array.isArray(result[entriesKey]));
}

/** An error about no request belongs to an error of HTTP, where it answers them all. */
function judgeComplaint(
  error: JsonObject,
  value: JsonObject,
  exchange: Exchange,
): Treatment | Promise<Treatment> {
  if (exchange.head.status < 400) {
    exchange.hasLostFrame = true;
    return withholdFor('unasked_answer', exchange);
  }
  for (const { id } of exchange.answers.waiting()) {
    exchange.answers.note(id, { kind: 'error', rpc: rpcCodeOf(error) });
  }
  return judgeError(error, value, exchange);
}

function answerUnclear({ id, why }: Unclear, exchange: Exchange): Treatment {
  const treatment = withholdFor('invalid_frame', exchange);
  if (id === undefined || exchange.answers.methodOf(id) === undefined) {
    exchange.hasLostFrame = true;
    return treatment;
  }
  return replaceAnswer(id, makeStop('upstream_invalid', `the server's answer is none: ${why}`), exchange);
}
