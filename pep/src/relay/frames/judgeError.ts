// What a client may see of an error.
import { writeJson, type JsonObject } from '@cardea/schemas/json';
import { memberOf } from '../../admit/message.ts';
import { report, type Exchange } from '../exchange.ts';
import { cleanError, neutralError } from '../leaks/cleanError.ts';
import { pass, type Treatment } from './treatment.ts';

/** `value` is the whole message. Where nobody can say what is hidden, the error says nothing. */
export async function judgeError(
  error: JsonObject,
  value: JsonObject,
  exchange: Exchange,
): Promise<Treatment> {
  const cleaned = await clean(error, exchange);
  if (cleaned === error) return pass;
  report(exchange, { kind: 'cleaned', what: 'error' });
  return { kind: 'replace', value: { ...value, error: cleaned }, code: undefined };
}

export function rpcCodeOf(error: JsonObject): number {
  const code = memberOf(error, 'code');
  return typeof code === 'number' ? code : 0;
}

async function clean(error: JsonObject, exchange: Exchange): Promise<JsonObject> {
  const { context, options } = exchange;
  if (tellsSession(error, exchange)) return neutralError(error);
  try {
    return cleanError(error, await options.visible(context.identity, context.server));
  } catch {
    return neutralError(error);
  }
}

/** What the server calls the session is between the server and us. */
function tellsSession(error: JsonObject, { head, context }: Exchange): boolean {
  const id = context.session?.upstreamId ?? head.sessionId ?? '';
  return id.length >= tellingCharactersMin && writeJson(error, 'any').includes(id);
}

/** Shorter ids stand in texts by chance. */
const tellingCharactersMin = 8;
