// Many evaluations in one request (AuthZEN 1.0, 7). All are decided with the same bundle, whatever is loaded meanwhile.
import { Refusal, type Code } from '@cardea/schemas/codes';
import { isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import {
  evaluationFields,
  evaluationSchema,
  readWire,
  type WireDecision,
  type WireEvaluations,
} from '@cardea/schemas/wire';
import type { Caller } from '../callers/caller.ts';
import { costOfElement } from '../http/cost.ts';
import type { Pace } from '../http/lane.ts';
import type { RateTable } from '../http/rateTable.ts';
import type { Serving } from '../serving/serving.ts';
import type { Decide } from './decider.ts';
import { writeDenial } from './decision.ts';

export interface BatchOptions {
  readonly decide: Decide;
  readonly newId: () => string;
  readonly countRefusal: (code: Code) => void;
  readonly itemsMax: number;
  readonly pace: Pace;
  readonly callerRates: RateTable;
}

/** Throws Refusal for a fault of the whole; a fault in one element is the denial of that one. */
export async function decideBatch(
  batch: WireEvaluations,
  caller: Caller,
  serving: Serving,
  { decide, newId, countRefusal, itemsMax, pace, callerRates }: BatchOptions,
): Promise<WireDecision[]> {
  if (batch.evaluations.length > itemsMax) {
    throw new Refusal('too_large', `a batch may have ${itemsMax} evaluations`);
  }
  const { subject, action, resource, context } = batch;
  const cost = costOfElement([subject, action, resource, context] as (JsonValue | undefined)[]);
  callerRates.spend(caller.name, batch.evaluations.length * cost - 1);
  const lastDecision = { execute_all: undefined, deny_on_first_deny: false, permit_on_first_permit: true }[
    batch.options?.evaluations_semantic ?? 'execute_all'
  ];
  const decisions: WireDecision[] = [];
  for (const element of batch.evaluations) {
    const decision = await pace.work(() => decideElement(element as JsonValue));
    decisions.push(decision);
    if (decision.decision === lastDecision) break;
  }
  return decisions;

  function decideElement(element: JsonValue): WireDecision {
    try {
      return decide(readWire(evaluationSchema, layOver(batch, element)), caller, serving);
    } catch (fault) {
      if (!(fault instanceof Refusal)) throw fault;
      countRefusal(fault.code);
      return writeDenial(fault.code, { bundle: serving.bundle, decisionId: newId() }, fault.message);
    }
  }
}

/** Key by key: an element's subject replaces the whole of the default one. */
function layOver(defaults: WireEvaluations, element: JsonValue): JsonObject {
  if (!isJsonObject(element)) throw new Refusal('invalid_request', 'an evaluation has to be an object');
  const laid = Object.create(null) as Record<string, JsonValue>;
  for (const field of evaluationFields) {
    const value = Object.hasOwn(element, field) ? element[field] : (defaults[field] as JsonValue | undefined);
    if (value !== undefined) laid[field] = value;
  }
  return laid;
}
