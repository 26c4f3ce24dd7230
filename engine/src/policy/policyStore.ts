// Where an engine has its policies from. It reads one when a request first needs it and keeps what its slices need: of
// tens of thousands most are never asked about, and each worker of a service has an engine of its own.
import { compareText } from './compareText.ts';
import type { CompiledPolicy } from './compilePolicy.ts';

/** What has to be known of every policy, asked about or not. */
export type PolicyOutline = Pick<CompiledPolicy, 'effect' | 'scope'>;

/** Policies by their place in the order of their ids. */
export interface PolicyStore {
  readonly count: number;
  /** Of every policy, in that order. Asked for while an engine is made, and by authors who look for a policy. */
  outlines(): Iterable<PolicyOutline>;
  /** The same policy each time, as an object of its own or not. */
  read(place: number): CompiledPolicy;
}

/** Policies that are there as they are. */
export class PolicyList implements PolicyStore {
  readonly #policies: readonly CompiledPolicy[];

  constructor(policies: readonly CompiledPolicy[]) {
    this.#policies = sortPolicies(policies);
  }

  get count(): number {
    return this.#policies.length;
  }

  outlines(): readonly PolicyOutline[] {
    return this.#policies;
  }

  read(place: number): CompiledPolicy {
    const policy = this.#policies[place];
    if (policy === undefined) throw new RangeError(`there is no policy ${place}`);
    return policy;
  }
}

/** In the order that a store has them in. */
export function sortPolicies(policies: readonly CompiledPolicy[]): CompiledPolicy[] {
  return [...policies].sort((left, right) => compareText(left.id, right.id));
}
