// POST /v1/explain: the verdict, and clause by clause why. Names policies and attributes: for authors alone.
import type { PolicyExplanation } from '@cardea/engine';
import { evaluationSchema, readWire } from '@cardea/schemas/wire';
import { answerJson, type Endpoint } from '../http/call.ts';
import type { Services } from './services.ts';

export function explainEndpoint({ decide, state, newPace }: Services): Endpoint {
  return {
    method: 'POST',
    path: '/v1/explain',
    kind: 'guarded',
    callers: ['author'],
    long: true,
    handle: async ({ body, caller }) => {
      const evaluation = readWire(evaluationSchema, body);
      const { serving } = state;
      const decision = decide(evaluation, caller, serving);
      const mapped = serving.mapping.mapEvaluation(evaluation, caller);
      const pace = newPace();
      const policies: PolicyExplanation[] = [];
      if (mapped.kind === 'mapped') {
        const steps = serving.judge.explainSteps(mapped.request);
        const next = (): IteratorResult<PolicyExplanation, void> => steps.next();
        for (let step = await pace.work(next); step.done !== true; step = await pace.work(next))
          policies.push(step.value);
      }
      return answerJson({ ...decision, policies });
    },
  };
}
