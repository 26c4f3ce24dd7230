// POST /access/v1/evaluations: many verdicts, or one where the list is missing or empty (AuthZEN 1.0, 7.1).
import { isJsonObject } from '@cardea/schemas/json';
import { evaluationSchema, evaluationsSchema, readWire, type WireDecisions } from '@cardea/schemas/wire';
import { callerClasses } from '../callers/caller.ts';
import { decideBatch } from '../decision/batch.ts';
import { answerJson, type Endpoint } from '../http/call.ts';
import type { Services } from './services.ts';

export function evaluationsEndpoint(services: Services): Endpoint {
  const { decide, state, limits, newPace } = services;
  return {
    method: 'POST',
    path: '/access/v1/evaluations',
    kind: 'guarded',
    callers: callerClasses,
    long: true,
    handle: async ({ body, caller }) => {
      const isSingle =
        isJsonObject(body) && (body['evaluations'] === undefined || isEmpty(body['evaluations']));
      if (isSingle) return answerJson(decide(readWire(evaluationSchema, body), caller, state.serving));
      const batch = readWire(evaluationsSchema, body);
      const options = { ...services, itemsMax: limits.batchItemsMax, pace: newPace() };
      const evaluations = await decideBatch(batch, caller, state.serving, options);
      return answerJson({ evaluations } satisfies WireDecisions);
    },
  };
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
