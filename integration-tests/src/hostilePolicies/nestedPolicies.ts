// Policies of any nesting, and a request over which all of them mean something.
import { compilePolicy, inDisposableHost, splitPolicies, type CompileResult } from '@cardea/engine';
import type { CedarRecord, CedarValue } from '@cardea/schemas/cedar';
import { conditionFamilies, families, type Family } from './families.ts';

const principal = { type: 'Person', id: 'ann' };

export const tuple = {
  principal,
  action: { type: 'Action', id: 'use' },
  resource: { type: 'Tool', id: 'tool' },
  entities: [{ uid: principal, attrs: {}, parents: [] }],
};

/** As deeply as a request can nest, so that paths find what they look for. */
const depthOfRequests = 60;

export const full: CedarRecord = {
  b: true,
  n: 1,
  s: 'x',
  d: { __extn: { fn: 'decimal', arg: '1.5' } },
  t: { __extn: { fn: 'datetime', arg: '2026-01-01' } },
  a: nestRecord(depthOfRequests),
};

/** Under which conditions are satisfied, are not, and fail. */
export const contexts: readonly CedarRecord[] = [{}, full, { b: true }, { ...full, b: false }];

/** More than any family can have. */
export const timesMax = 128;

/** Each writes all conditions of a policy. */
export const allFamilies: readonly Family[] = [
  ...families.map(({ name, nest }) => ({ name, nest: (times: number) => `when { ${nest(times)} }` })),
  ...conditionFamilies,
];

export function compileNested(
  module: WebAssembly.Module,
  effect: 'permit' | 'forbid',
  conditions: string,
): CompileResult {
  const split = splitPolicies(`@id("x") ${effect} (principal, action, resource) ${conditions};`, 'x.cedar');
  if (split.kind === 'problem') return split;
  const [source] = split.policies;
  if (source === undefined || split.policies.length > 1) throw new Error('this is not one policy');
  return inDisposableHost(module, (host) => compilePolicy(host, source));
}

/** By bisection: what is refused once stays refused when there is more of it. */
export function findMost(isAccepted: (times: number) => boolean): number {
  let most = 1;
  let refused = timesMax;
  while (refused - most > 1) {
    const middle = Math.floor((most + refused) / 2);
    if (isAccepted(middle)) most = middle;
    else refused = middle;
  }
  return most;
}

function nestRecord(depth: number): CedarValue {
  return depth === 0 ? true : { a: nestRecord(depth - 1) };
}
