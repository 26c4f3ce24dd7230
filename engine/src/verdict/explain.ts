// Why a verdict is what it is, clause by clause, for the authors of policies. What is said here names attributes and
// policies that callers must not learn; only the author class of callers reaches it.
import { showEntity } from '@cardea/schemas/cedar';
import { depthCeiling, parseStrictJson } from '@cardea/schemas/json';
import { writeUnscoped } from '../policy/clauses.ts';
import type { CompiledPolicy } from '../policy/compilePolicy.ts';
import type { PolicyStore } from '../policy/policyStore.ts';
import type { Scope, ScopeSide } from '../policy/scope.ts';
import type { Slice } from '../policy/slice.ts';
import { closeEntities } from '../request/entityClosure.ts';
import type { RequestEntities } from '../request/ancestry.ts';
import { pruneContext } from '../request/readTree.ts';
import type { CedarHost } from '../wasm/cedarHost.ts';
import { EngineFault } from '../wasm/cedarInstance.ts';
import { showClause, splitConjunction, writeClause, type Clause } from './clause.ts';
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
  /**
   * Every top-level conjunct of its conditions, in order. Empty where the scope already fails, and where a condition
   * nests too deeply to be taken apart.
   */
  readonly clauses: readonly ClauseOutcome[];
}

export interface Explanation {
  readonly policies: readonly PolicyExplanation[];
}

export interface ExplainInput {
  readonly request: DecisionRequest;
  readonly entities: RequestEntities;
  readonly slice: Slice;
  readonly policies: PolicyStore;
}

/**
 * All candidates by id, then the nearest permits whose scope does not cover the request. One at a time: thousands of
 * candidates take seconds, which nobody else should wait for. Throws EngineFault when the engine throws.
 */
export function* explainDecision(host: CedarHost, input: ExplainInput): Generator<PolicyExplanation, void> {
  const { request, entities, slice } = input;
  const pruned = pruneContext(request.context, slice.reads);
  const references = pruned.kind === 'pruned' ? pruned.references : [];
  const context = pruned.kind === 'pruned' ? pruned.context : {};
  const roots = [request.principal, request.action, request.resource, ...references];
  const written = writeRequest({ ...request, context, entities: closeEntities(roots, slice.uses, entities) });
  for (const policy of slice.readPolicies()) yield explainCandidate(host, policy, written);
  for (const { policy, misses } of findNearest(input)) {
    yield { ...describe(policy), outcome: 'out_of_scope', scope: misses, clauses: [] };
  }
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
  try {
    const clauses = readClauses(host, policy).map((clause) => judgeClause(host, clause, written));
    return { ...describe(policy), outcome: judgeClauses(clauses), scope: [], clauses };
  } catch (fault) {
    if (!(fault instanceof EngineFault)) throw fault;
    // As JSON a clause may nest half as deeply as in text: what cannot be taken apart is judged as a whole.
    return { ...describe(policy), outcome: judgeWhole(host, policy, written), scope: [], clauses: [] };
  }
}

/** Like Cedar: the first clause that does not hold decides; what stands behind it is shown but does not count. */
function judgeClauses(clauses: readonly ClauseOutcome[]): PolicyExplanation['outcome'] {
  const decisive = clauses.find((clause) => clause.outcome !== 'holds');
  if (decisive === undefined) return 'satisfied';
  return decisive.outcome === 'errors' ? 'errored' : 'not_satisfied';
}

function judgeWhole(
  host: CedarHost,
  { effect, clauses }: CompiledPolicy,
  written: string,
): PolicyExplanation['outcome'] {
  const { type, response } = judge(host, JSON.stringify(writeUnscoped(effect, clauses)), written);
  if (type !== 'success' || response.diagnostics.errors.length > 0) return 'errored';
  return response.diagnostics.reason.length > 0 ? 'satisfied' : 'not_satisfied';
}

/** `when { a && b }` is two clauses; an `unless` is one, since what it negates is the whole. */
function readClauses(host: CedarHost, policy: CompiledPolicy): Clause[] {
  const parsed = parseStrictJson(host.call('policyToJson', JSON.stringify(policy.text)), {
    depthMax: depthCeiling,
  });
  const { conditions } = (parsed as unknown as { json: { conditions: Clause[] } }).json;
  return conditions.flatMap(({ kind, body }) =>
    (kind === 'unless' ? [body] : splitConjunction(body)).map((part): Clause => ({ kind, body: part })),
  );
}

interface PolicyAnswer {
  readonly type: 'success' | 'failure';
  readonly response: {
    readonly decision: 'allow' | 'deny';
    readonly diagnostics: {
      readonly reason: readonly string[];
      readonly errors: readonly { readonly error: { readonly message: string } }[];
    };
  };
}

/** Evaluates one policy, in Cedar's JSON or as a JSON text of its source. */
function judge(host: CedarHost, policy: string, written: string): PolicyAnswer {
  const call = `{"policies":{"staticPolicies":{"clause":${policy}}},${written}}`;
  return JSON.parse(host.call('isAuthorized', call)) as PolicyAnswer;
}

function judgeClause(host: CedarHost, clause: Clause, written: string): ClauseOutcome {
  const answer = judge(host, writeClause(clause), written);
  const { kind } = clause;
  const text = showClause(host, clause);
  if (answer.type !== 'success') return { kind, text, outcome: 'errors' };
  const [failed] = answer.response.diagnostics.errors;
  if (failed !== undefined) return { kind, text, outcome: 'errors', error: failed.error.message };
  return { kind, text, outcome: answer.response.decision === 'allow' ? 'holds' : 'fails' };
}

interface NearPermit {
  readonly policy: CompiledPolicy;
  readonly misses: readonly string[];
}

/** Of permits that miss by as much, the first by id. What misses nothing is a candidate. */
function findNearest({ request, entities, policies }: ExplainInput): NearPermit[] {
  const ancestors = (name: ScopeName): ReadonlySet<string> => entities.ancestors(entityKey(request[name]));
  const above = {
    principal: ancestors('principal'),
    action: ancestors('action'),
    resource: ancestors('resource'),
  };
  const nearest: { place: number; misses: readonly string[] }[] = [];
  let place = 0;
  for (const { effect, scope } of policies.outlines()) {
    const misses = effect === 'permit' ? listMisses(scope, request, above) : [];
    if (misses.length > 0) nearest.push({ place, misses });
    nearest.sort((left, right) => left.misses.length - right.misses.length);
    nearest.length = Math.min(nearest.length, nearestMax);
    place += 1;
  }
  return nearest.map((near) => ({ policy: policies.read(near.place), misses: near.misses }));
}

type ScopeName = keyof Scope;

function listMisses(
  scope: Scope,
  request: DecisionRequest,
  above: Readonly<Record<ScopeName, ReadonlySet<string>>>,
): string[] {
  return (['principal', 'action', 'resource'] as const).flatMap((name) => {
    const side = scope[name];
    const own = entityKey(request[name]);
    const reached = side.keys?.some((key) => key === own || (!side.exact && above[name].has(key))) ?? true;
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
