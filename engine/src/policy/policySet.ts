// Policies that are evaluated together, as the engine parses them: without their scopes, under short names of ours.
import { writeAnyOf, writeUnscoped } from './clauses.ts';
import type { CompiledPolicy } from './compilePolicy.ts';

/** More forbids than this are screened by several of them. */
const screenedTogetherMax = 64;

/** Deeper ones stand for themselves: a screen nests its forbids a little deeper than they were. */
const screenedDepthMax = 32;

export interface PolicySet {
  /** By the name in the engine: the text, and which policy it is. A screen is none. */
  readonly members: ReadonlyMap<string, PolicyMember>;
}

export interface PolicyMember {
  readonly text: string;
  readonly policy?: CompiledPolicy;
}

/** The policies as they are. */
export function makePlainSet(policies: readonly CompiledPolicy[]): PolicySet {
  return { members: new Map(policies.map((policy, at) => [`p${at}`, memberOf(policy)])) };
}

/**
 * All permits, and for many forbids one screen that fires when any of them would be satisfied or err. Most calls meet
 * no forbid, and a policy that is not there costs nothing: the engine takes 2 to 3 µs for each one.
 */
export function makeScreenedSet(policies: readonly CompiledPolicy[]): PolicySet {
  const isScreened = ({ effect, depth }: CompiledPolicy): boolean =>
    effect === 'forbid' && depth <= screenedDepthMax;
  const screened = policies.filter(isScreened);
  if (screened.length < 2) return makePlainSet(policies);
  const { members } = makePlainSet(policies.filter((policy) => !isScreened(policy)));
  const groups = Array.from({ length: Math.ceil(screened.length / screenedTogetherMax) }, (_, at) =>
    screened.slice(at * screenedTogetherMax, (at + 1) * screenedTogetherMax),
  );
  const screens = groups.map((group, at): [string, PolicyMember] => {
    return [`s${at}`, { text: writeAnyOf(group.map(({ clauses }) => clauses)) }];
  });
  return { members: new Map([...members, ...screens]) };
}

function memberOf(policy: CompiledPolicy): PolicyMember {
  return { text: writeUnscoped(policy.effect, policy.clauses), policy };
}
