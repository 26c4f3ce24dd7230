// Whether a list shows a resource: by partial evaluation with every context key unknown. A list never hides what a
// call would allow or hold; what it hides is never callable. Cedar's own `decision` is ignored: it knows no holds.
import { writeCedar, writeEntity, writeUid } from '../request/writeCedar.ts';
import type { Slice } from '../policy/slice.ts';
import type { CedarHost } from '../wasm/cedarHost.ts';
import { EngineFault } from '../wasm/cedarInstance.ts';
import type { PreparedRequest } from './evaluate.ts';

interface PartialAnswer {
  readonly type: 'residuals' | 'failure';
  readonly response: {
    readonly satisfied: readonly string[];
    readonly errored: readonly string[];
    readonly nontrivialResiduals: readonly string[];
  };
}

/** Throws EngineFault when the engine throws; callers then hide the resource. */
export function isVisible(
  host: CedarHost,
  slice: Slice,
  request: Omit<PreparedRequest, 'context'>,
  contextKeys: readonly string[],
): boolean {
  // Most resources are hidden by default deny: without a permit in scope there is nothing to evaluate.
  if (slice.permits.policies.length === 0) return false;
  const { satisfied, errored, nontrivialResiduals } = evaluatePartially(host, slice, request, contextKeys);
  const isForbid = (id: string): boolean => slice.byId.get(id)?.effect === 'forbid';
  if (errored.some(isForbid)) return false;
  if (satisfied.some((id) => isForbid(id) && slice.byId.get(id)?.hold === undefined)) return false;
  return [...satisfied, ...nontrivialResiduals].some((id) => !isForbid(id));
}

function evaluatePartially(
  host: CedarHost,
  slice: Slice,
  request: Omit<PreparedRequest, 'context'>,
  contextKeys: readonly string[],
): PartialAnswer['response'] {
  const unknowns = contextKeys.map((key) => [key, { __extn: { fn: 'unknown', arg: key } }] as const);
  const staticPolicies = Object.fromEntries(slice.policies.map((policy) => [policy.id, policy.text]));
  const call =
    `{"principal":${writeUid(request.principal)},"action":${writeUid(request.action)},` +
    `"resource":${writeUid(request.resource)},"context":${writeCedar(Object.fromEntries(unknowns))},` +
    `"policies":${JSON.stringify({ staticPolicies })},"entities":[${request.entities.map(writeEntity).join(',')}]}`;
  const answer = JSON.parse(host.call('isAuthorizedPartial', call)) as PartialAnswer;
  if (answer.type !== 'residuals')
    throw new EngineFault(new Error('the engine refused to evaluate partially'));
  return answer.response;
}
