// Why a verdict is what it is, clause by clause, for the authors of policies. What is said here names attributes and
// policies that callers must not learn; only the author class of callers reaches it.
import { showEntity } from '@cardea/schemas/cedar';
import { depthCeiling, parseStrictJson, writeJson, type JsonValue } from '@cardea/schemas/json';
import type { CompiledPolicy } from '../policy/compilePolicy.ts';
import type { Expr } from '../policy/policyJson.ts';
import type { ScopeSide } from '../policy/scope.ts';
import type { Slice } from '../policy/slice.ts';
import { closeEntities } from '../request/entityClosure.ts';
import type { RequestEntities } from '../request/ancestry.ts';
import { pruneContext } from '../request/readTree.ts';
import type { CedarHost } from '../wasm/cedarHost.ts';
import { writeRequest } from './evaluate.ts';
import type { DecisionRequest } from './verdict.ts';
import { entityKey, entityOfKey } from '@cardea/schemas/cedar';

/** Permits out of scope that are worth showing: the ones that miss the request by the least. */
const nearestMax = 5;

export interface ClauseOutcome {
  readonly kind: 'when' | 'unless';
  /** The clause as Cedar text. */
  readonly text: string;
  readonly outcome: 'holds' | 'fails' | 'errors';
  /** Cedar's own words where the clause errs: for authors only. */
  readonly error?: string;
}

export interface PolicyExplanation {
  readonly policy: string;
  readonly effect: 'permit' | 'forbid';
  readonly hold?: string;
  readonly message?: string;
  readonly outcome: 'satisfied' | 'not_satisfied' | 'errored' | 'out_of_scope';
  /** Which parts of the scope do not cover the request. */
  readonly scope: readonly string[];
  /** Every top-level conjunct of its conditions, in order. Empty where the scope already fails. */
  readonly clauses: readonly ClauseOutcome[];
}

export interface Explanation {
  /** All candidates by id, then the nearest permits whose scope does not cover the request. */
  readonly policies: readonly PolicyExplanation[];
}

export interface ExplainInput {
  readonly request: DecisionRequest;
  readonly entities: RequestEntities;
  readonly slice: Slice;
  readonly policies: readonly CompiledPolicy[];
}

/** Throws EngineFault when the engine throws. */
export function explainDecision(host: CedarHost, input: ExplainInput): Explanation {
  const { request, entities, slice } = input;
  const pruned = pruneContext(request.context, slice.reads);
  const references = pruned.kind === 'pruned' ? pruned.references : [];
  const context = pruned.kind === 'pruned' ? pruned.context : {};
  const roots = [request.principal, request.action, request.resource, ...references];
  const written = writeRequest({ ...request, context, entities: closeEntities(roots, slice.uses, entities) });
  return {
    policies: [
      ...slice.policies.map((policy) => explainCandidate(host, policy, written)),
      ...findNearest(input).map(({ policy, misses }) => ({
        ...describe(policy),
        outcome: 'out_of_scope' as const,
        scope: misses,
        clauses: [],
      })),
    ],
  };
}

function describe(policy: CompiledPolicy): Pick<PolicyExplanation, 'policy' | 'effect' | 'hold' | 'message'> {
  return {
    policy: policy.id,
    effect: policy.effect,
    ...(policy.hold === undefined ? {} : { hold: policy.hold }),
    ...(policy.message === undefined ? {} : { message: policy.message }),
  };
}

function explainCandidate(host: CedarHost, policy: CompiledPolicy, written: string): PolicyExplanation {
  const clauses = readConjuncts(host, policy).map((conjunct) => judgeClause(host, conjunct, written));
  // Like Cedar: the first clause that does not hold decides; what stands behind it is shown but does not count.
  const decisive = clauses.find((clause) => clause.outcome !== 'holds');
  const outcome =
    decisive === undefined ? 'satisfied' : decisive.outcome === 'errors' ? 'errored' : 'not_satisfied';
  return { ...describe(policy), outcome, scope: [], clauses };
}

interface Conjunct {
  readonly kind: 'when' | 'unless';
  readonly body: Expr;
}

/** `when { a && b }` is two clauses; an `unless` is one, since what it negates is the whole. */
function readConjuncts(host: CedarHost, policy: CompiledPolicy): Conjunct[] {
  const parsed = parseStrictJson(host.call('policyToJson', JSON.stringify(policy.text)), {
    depthMax: depthCeiling,
  });
  const { conditions } = (parsed as unknown as { json: { conditions: Conjunct[] } }).json;
  return conditions.flatMap(({ kind, body }) =>
    (kind === 'unless' ? [body] : splitConjunction(body)).map((part): Conjunct => ({ kind, body: part })),
  );
}

function splitConjunction(body: Expr): Expr[] {
  const conjunction = body['&&'] as { left: Expr; right: Expr } | undefined;
  if (conjunction === undefined) return [body];
  return [...splitConjunction(conjunction.left), ...splitConjunction(conjunction.right)];
}

interface ClauseAnswer {
  readonly type: 'success' | 'failure';
  readonly response: {
    readonly decision: 'allow' | 'deny';
    readonly diagnostics: { readonly errors: readonly { readonly error: { readonly message: string } }[] };
  };
}

function judgeClause(host: CedarHost, conjunct: Conjunct, written: string): ClauseOutcome {
  const policy = writeClause(conjunct);
  const answer = JSON.parse(
    host.call('isAuthorized', `{"policies":{"staticPolicies":{"clause":${policy}}},${written}}`),
  ) as ClauseAnswer;
  const text = showClause(host, conjunct, policy);
  if (answer.type !== 'success') return { kind: conjunct.kind, text, outcome: 'errors' };
  const [failed] = answer.response.diagnostics.errors;
  if (failed !== undefined)
    return { kind: conjunct.kind, text, outcome: 'errors', error: failed.error.message };
  return { kind: conjunct.kind, text, outcome: answer.response.decision === 'allow' ? 'holds' : 'fails' };
}

/** A policy of this one clause, in JSON with integers as exact as the engine gave them. */
function writeClause({ kind, body }: Conjunct): string {
  const any = { op: 'All' };
  const policy = {
    effect: 'permit',
    principal: any,
    action: any,
    resource: any,
    conditions: [{ kind, body }],
  };
  return writeJson(policy as unknown as JsonValue);
}

function showClause(host: CedarHost, { kind }: Conjunct, policy: string): string {
  const { text } = JSON.parse(host.call('policyToText', policy)) as { text?: string };
  const inner = new RegExp(`\\b${kind}\\s*\\{([^]*)\\}\\s*;\\s*$`).exec(text ?? '');
  return (inner?.[1] ?? '').trim();
}

function findNearest({
  request,
  entities,
  slice,
  policies,
}: ExplainInput): { policy: CompiledPolicy; misses: string[] }[] {
  return policies
    .filter((policy) => policy.effect === 'permit' && !slice.byId.has(policy.id))
    .map((policy) => ({ policy, misses: listMisses(policy, request, entities) }))
    .sort((left, right) => left.misses.length - right.misses.length)
    .slice(0, nearestMax);
}

function listMisses(policy: CompiledPolicy, request: DecisionRequest, entities: RequestEntities): string[] {
  return (['principal', 'action', 'resource'] as const).flatMap((name) => {
    const side = policy.scope[name];
    const own = entityKey(request[name]);
    const above = entities.ancestors(own);
    const reached = side.keys?.some((key) => key === own || (!side.exact && above.has(key))) ?? true;
    const typed = side.type === undefined || side.type === request[name].type;
    return reached && typed ? [] : [`${showEntity(request[name])} is not ${showSide(side)}`];
  });
}

function showSide(side: ScopeSide): string {
  const named = side.keys?.map((key) => showEntity(entityOfKey(key))).join(' or ');
  const type = side.type === undefined ? '' : `a ${side.type}${named === undefined ? '' : ' '}`;
  if (named === undefined) return type;
  return `${type}${side.exact ? '' : 'in '}${named}`;
}
