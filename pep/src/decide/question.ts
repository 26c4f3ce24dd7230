// One question to the decision service, and its answer read with distrust: a service that answers nonsense has not
// allowed anything.
import { Refusal } from '@cardea/schemas/codes';
import { cutMessage, writeJson, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { decisionSchema, readWire, type WireDecision } from '@cardea/schemas/wire';
import type { CallFacts } from '../facts/callFacts.ts';
import type { Identity } from '../identify/identity.ts';
import type { Target } from '../resolve/target.ts';
import { BundleChanged } from './bundleChanged.ts';
import type { Verdict } from './verdict.ts';

export const questionPath = '/access/v1/evaluation';

export interface Question {
  readonly bundle: string;
  readonly identity: Identity;
  readonly target: Target;
  readonly facts: CallFacts;
  /** Which families to state; the agent always is. */
  readonly families: readonly string[];
}

export function writeQuestion({ bundle, identity, target, facts, families }: Question): string {
  const context: Record<string, JsonValue> = { input: facts.input, agent: identity.words.agent };
  for (const family of families) {
    const fact = facts.family(family);
    if (fact !== undefined) context[family] = fact;
  }
  return writeJson({
    subject: identity.words.subject,
    action: { name: target.method },
    resource: { type: target.type, id: target.id },
    context,
    bundle,
  });
}

/** Throws BundleChanged, and Refusal `decision_unavailable` for an answer that is none. */
export function readDecision(answer: JsonValue, bundle: string): WireDecision['context'] {
  const decision = parseDecision(answer);
  const { context } = decision;
  if (context.code === 'bundle_changed') throw new BundleChanged();
  const isOfBundle = context.bundle === bundle;
  if (isOfBundle && decision.decision === (context.verdict === 'allow') && isOfItsKind(context))
    return context;
  throw new Refusal('decision_unavailable', 'the decision service contradicts itself');
}

/** Allow and hold have a code of their own each, which a denial cannot have. */
function isOfItsKind({ verdict, code }: WireDecision['context']): boolean {
  if (verdict === 'needs') return true;
  return (verdict === 'allow') === (code === 'allowed') && (verdict === 'hold') === (code === 'held');
}

function parseDecision(answer: JsonValue): WireDecision {
  try {
    return readWire(decisionSchema, answer as JsonObject);
  } catch (cause) {
    throw new Refusal('decision_unavailable', 'the decision service answered something else', { cause });
  }
}

/** Of anything but `needs`. */
export function toVerdict(context: WireDecision['context']): Verdict {
  const { verdict, code, decisionId } = context;
  const message = cutMessage(context.message);
  if (verdict === 'allow') return { kind: 'allow', decisionId };
  if (verdict === 'hold')
    return { kind: 'hold', code: 'held', message, decisionId, approvers: context.approvers ?? [] };
  return { kind: 'deny', code, message, decisionId };
}
