// Whether an answer is the one that was asked for: errors are quick, and would count as speed.
import type { Call } from '../workload/calls.ts';
import type { Answer } from './answerReader.ts';

interface Response {
  readonly id?: unknown;
  readonly result?: { readonly content?: readonly { readonly text?: unknown }[] };
}

const shownCharactersMax = 300;

/** What is wrong with it, or undefined. Never throws. */
export function findFault(answer: Answer, { id, note }: Pick<Call, 'id' | 'note'>): string | undefined {
  if (answer.status === 200 && listMessages(answer).some((message) => isResult(message, id, note)))
    return undefined;
  return `not the result of call ${id}: ${answer.status} ${answer.body.slice(0, shownCharactersMax)}`;
}

function listMessages({ isEventStream, body }: Answer): string[] {
  if (!isEventStream) return [body];
  return body.split('\n').flatMap((line) => (line.startsWith('data:') ? [line.slice(5)] : []));
}

function isResult(text: string, id: number, note: string): boolean {
  try {
    const response = JSON.parse(text) as Response;
    return response.id === id && response.result?.content?.[0]?.text === note;
  } catch {
    // The first event of a stream may be empty.
    return false;
  }
}
