// POST /access/v1/evaluation: one verdict (AuthZEN 1.0, 6).
import { evaluationSchema, readWire } from '@cardea/schemas/wire';
import { callerClasses } from '../callers/caller.ts';
import { writeDecisionText } from '../decision/decisionText.ts';
import { answerText, type Endpoint } from '../http/call.ts';
import type { Services } from './services.ts';

export function evaluationEndpoint({ decide, state }: Services): Endpoint {
  return {
    method: 'POST',
    path: '/access/v1/evaluation',
    kind: 'guarded',
    callers: callerClasses,
    handle: ({ body, caller }) =>
      answerText(writeDecisionText(decide(readWire(evaluationSchema, body), caller, state.serving))),
  };
}
