// What a server asks of its client while a session lasts. Only what was allowed reaches the client, and only what reached
// the client can be answered by it.
import { idKey, progressTokenOf, type RpcRequest } from '../../admit/message.ts';
import type { Verdict } from '../../decide/verdict.ts';
import type { Session } from '../../sessions/session.ts';
import { report, withholdFor, type Exchange } from '../exchange.ts';
import { errorResponse, makeStop, stopOf } from '../rpcError.ts';
import { pass, withhold, type Treatment } from './treatment.ts';

export async function judgeQuestion(question: RpcRequest, exchange: Exchange): Promise<Treatment> {
  const { context, options } = exchange;
  // There is no way back for an answer.
  if (context.era === 'stateless') return withholdFor('unasked_request', exchange);
  const verdict = await judge(question, exchange);
  if (verdict.kind === 'allow') {
    if (context.session !== undefined) keepQuestion(question, context.session, options.limits.questionsMax);
    return pass;
  }
  const { code, decisionId } = verdict;
  const decided = decisionId === undefined ? {} : { decisionId };
  report(exchange, { kind: 'denied', method: question.method, code, ...decided });
  options.answerServer(context, errorResponse(question.id, verdict), exchange.response);
  return withhold;
}

async function judge({ method, params }: RpcRequest, { context, options }: Exchange): Promise<Verdict> {
  if (context.session === undefined) return makeStop('unknown_method', 'there is no session to answer in');
  try {
    return await options.judge(method, params, context);
  } catch (fault) {
    return stopOf(fault);
  }
}

/** Where there are too many the oldest goes: its answer, should it still come, is one that nobody waits for. */
function keepQuestion({ id, params }: RpcRequest, { questions }: Session, questionsMax: number): void {
  questions.delete(idKey(id));
  const [oldest] = questions.keys();
  if (oldest !== undefined && questions.size >= questionsMax) questions.delete(oldest);
  questions.set(idKey(id), progressTokenOf(params));
}
