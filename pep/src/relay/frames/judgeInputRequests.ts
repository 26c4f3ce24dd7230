// In the stateless era a server asks its client by the answer to a call, which the client then repeats with what it was
// asked for. Each of those requests is judged as one of its own.
import { Refusal } from '@cardea/schemas/codes';
import { isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { memberOf } from '../../admit/message.ts';
import type { Stop } from '../../serve/answers.ts';
import { report, type Exchange } from '../exchange.ts';
import { declareKeys, holdsFolded } from './declaredKeys.ts';

/** In one answer; clients ask people. */
const inputRequestsMax = 32;

/** What stops the first one that is not allowed; undefined where all are. Throws Refusal. */
export async function judgeInputRequests(holder: JsonObject, exchange: Exchange): Promise<Stop | undefined> {
  const requests = memberOf(holder, 'inputRequests');
  if (requests === undefined) return undefined;
  if (!isJsonObject(requests)) throw unfit();
  const all = Object.values(requests);
  if (all.length > inputRequestsMax) throw unfit();
  for (const request of all) {
    const { method, params } = readInputRequest(request);
    const verdict = await exchange.options.judge(method, params, exchange.context);
    if (verdict.kind === 'allow') continue;
    const { code, decisionId } = verdict;
    report(exchange, { kind: 'denied', method, code, ...(decisionId === undefined ? {} : { decisionId }) });
    return verdict;
  }
  return undefined;
}

const requestKeys = declareKeys('method', 'params');

function readInputRequest(request: JsonValue): { method: string; params: JsonObject | undefined } {
  if (!isJsonObject(request) || holdsFolded(request, requestKeys)) throw unfit();
  const method = memberOf(request, 'method');
  const params = memberOf(request, 'params');
  if (typeof method !== 'string' || !(params === undefined || isJsonObject(params))) throw unfit();
  return { method, params };
}

function unfit(): Refusal {
  return new Refusal('upstream_invalid', 'the server asks for input in a form that is none');
}
