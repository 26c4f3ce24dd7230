// Whether a list shows a resource: by partial evaluation with every context key unknown that is not the same for all
// calls. A list never hides what a call would allow or hold; what it hides is never callable.
import type { Slice } from '../policy/slice.ts';
import type { CedarHost } from '../wasm/cedarHost.ts';
import { EngineFault } from '../wasm/cedarInstance.ts';
import type { PreparedRequest } from './evaluate.ts';
import { callPartially, type PartialAnswer, type PartialContext } from './partialCall.ts';

/** Throws EngineFault when the engine throws; callers then hide the resource. */
export function isVisible(
  host: CedarHost,
  slice: Slice,
  request: Omit<PreparedRequest, 'context'>,
  context: PartialContext,
): boolean {
  // Most resources are hidden by default deny: without a permit in scope there is nothing to evaluate.
  if (!slice.hasPermits) return false;
  const { satisfied, errored, nontrivialResiduals } = evaluatePartially(host, slice, request, context);
  const policies = new Map(slice.readPolicies().map((policy) => [policy.id, policy]));
  const isForbid = (id: string): boolean => policies.get(id)?.effect === 'forbid';
  if (errored.some(isForbid)) return false;
  if (satisfied.some((id) => isForbid(id) && policies.get(id)?.hold === undefined)) return false;
  return [...satisfied, ...nontrivialResiduals].some((id) => !isForbid(id));
}

function evaluatePartially(
  host: CedarHost,
  slice: Slice,
  request: Omit<PreparedRequest, 'context'>,
  context: PartialContext,
): PartialAnswer['response'] {
  const answer = JSON.parse(callPartially(host, slice, request, context)) as PartialAnswer;
  if (answer.type !== 'residuals')
    throw new EngineFault(new Error('the engine refused to evaluate partially'));
  return answer.response;
}
