// What each policy will say of calls by this principal to this resource, as far as that is known before there is a
// call: by partial evaluation with every context key unknown. For the authors of policies, as `explain` is.
import { depthCeiling, parseStrictJson } from '@cardea/schemas/json';
import type { CompiledPolicy } from '../policy/compilePolicy.ts';
import type { PolicyJson } from '../policy/policyJson.ts';
import type { Slice } from '../policy/slice.ts';
import type { CedarHost } from '../wasm/cedarHost.ts';
import { EngineFault } from '../wasm/cedarInstance.ts';
import { showClause, splitConjunction } from './clause.ts';
import type { PreparedRequest } from './evaluate.ts';
import { callPartially, type PartialAnswer } from './partialCall.ts';
import { restoreNames } from './residual.ts';

/** The answer holds every candidate once more, as a tree. */
const answerLimits = { depthMax: depthCeiling, bytesMax: 64 * 1024 * 1024, nodesMax: 4_000_000 } as const;

export interface PolicyForecast {
  readonly policy: string;
  readonly effect: 'permit' | 'forbid';
  /** The group that can approve. */
  readonly hold?: string;
  readonly message?: string;
  readonly outcome: 'satisfied' | 'conditional' | 'not_satisfied' | 'errored';
  /** Of a conditional one: what the context decides, as Cedar text over `context`. */
  readonly condition?: string;
}

/** Every candidate, sorted by id. Throws EngineFault when the engine throws. */
export function forecastPolicies(
  host: CedarHost,
  slice: Slice,
  request: Omit<PreparedRequest, 'context'>,
  contextKeys: readonly string[],
): PolicyForecast[] {
  if (slice.isEmpty) return [];
  const answer = parseStrictJson(
    callPartially(host, slice, request, { known: {}, unknown: contextKeys }),
    answerLimits,
  ) as unknown as PartialAnswer;
  if (answer.type !== 'residuals')
    throw new EngineFault(new Error('the engine refused to evaluate partially'));
  const { satisfied, errored, nontrivialResiduals, residuals } = answer.response;
  const outcomes = new Map<string, PolicyForecast['outcome']>([
    ...satisfied.map((id) => [id, 'satisfied'] as const),
    ...nontrivialResiduals.map((id) => [id, 'conditional'] as const),
    ...errored.map((id) => [id, 'errored'] as const),
  ]);
  return slice.readPolicies().map((policy) => {
    const outcome = outcomes.get(policy.id) ?? 'not_satisfied';
    const known = { ...describe(policy), outcome };
    if (outcome !== 'conditional') return known;
    const residual = residuals[policy.id] as PolicyJson;
    return { ...known, condition: showCondition(host, residual, { ...request, contextKeys }) };
  });
}

function describe({ id, effect, hold, message }: CompiledPolicy): Omit<PolicyForecast, 'outcome'> {
  return {
    policy: id,
    effect,
    ...(hold === undefined ? {} : { hold }),
    ...(message === undefined ? {} : { message }),
  };
}

/** In place of a condition that the engine takes as text but not as JSON, which it lets nest half as deeply. */
const tooDeepToShow = '(nests too deeply to be shown)';

function showCondition(
  host: CedarHost,
  residual: PolicyJson,
  names: Parameters<typeof restoreNames>[1],
): string {
  try {
    return writeCondition(host, residual, names);
  } catch (fault) {
    if (!(fault instanceof EngineFault)) throw fault;
    return tooDeepToShow;
  }
}

function writeCondition(
  host: CedarHost,
  { conditions }: PolicyJson,
  names: Parameters<typeof restoreNames>[1],
): string {
  // A residual policy has one condition: scope, `when` and `unless` come back joined.
  const parts = conditions.flatMap(({ body }) => splitConjunction(restoreNames(body, names)));
  const texts = parts.map((body) => {
    const text = showClause(host, { kind: 'when', body });
    const isLoose = parts.length > 1 && ('||' in body || 'if-then-else' in body);
    return isLoose ? `(${text})` : text;
  });
  return texts.join(' && ');
}
