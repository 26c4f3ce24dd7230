// Our errors in JSON-RPC: what a client gets in place of an answer, and a server in place of what it asked.
import { codes, Refusal, type Code } from '@cardea/schemas/codes';
import type { JsonObject } from '@cardea/schemas/json';
import type { RequestId } from '../admit/message.ts';
import { makeError, toStop, type Stop } from '../serve/answers.ts';

export function errorResponse(id: RequestId | null, stop: Stop): JsonObject {
  // It is plain JSON all through; its type says what the fields are called.
  return makeError(id, stop) as unknown as JsonObject;
}

/** Whatever is thrown denies. What is no Refusal is a fault of ours, of which the client learns no more than that. */
export function stopOf(fault: unknown): Stop {
  return fault instanceof Refusal ? toStop(fault) : makeStop('internal_fault');
}

export function makeStop(code: Code, message: string = codes[code].meaning): Stop {
  return toStop(new Refusal(code, message));
}
