// POST /v1/explain: the verdict, and clause by clause why. Names policies and attributes: for authors alone.
import { evaluationSchema, readWire } from '@cardea/schemas/wire';
import { answerJson, type Endpoint } from '../http/call.ts';
import type { Services } from './services.ts';

export function explainEndpoint({ decide, state }: Services): Endpoint {
  return {
    method: 'POST',
    path: '/v1/explain',
    kind: 'guarded',
    callers: ['author'],
    long: true,
    handle: ({ body, caller }) => {
      const evaluation = readWire(evaluationSchema, body);
      const { serving } = state;
      const decision = decide(evaluation, caller, serving);
      const mapped = serving.mapping.mapEvaluation(evaluation, caller);
      const policies = mapped.kind === 'unknown' ? [] : serving.judge.explain(mapped.request).policies;
      return answerJson({ ...decision, policies });
    },
  };
}
