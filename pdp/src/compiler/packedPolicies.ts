// Compiled policies as bytes that all threads share. As objects they take several times as much, in every worker, and
// most of tens of thousands are never asked about: each worker makes objects of those that its requests need.
import { sortPolicies, type CompiledPolicy, type PolicyOutline, type PolicyStore } from '@cardea/engine';
import { packTexts, PackedTexts, type TextBytes } from './packedTexts.ts';

export interface PolicyBytes {
  readonly policies: TextBytes;
  readonly outlines: TextBytes;
}

/** Policies kept as objects beside those of the engine's slices: slices have many in common. */
const recentMax = 512;

export function packPolicies(policies: readonly CompiledPolicy[]): PolicyBytes {
  const sorted = sortPolicies(policies);
  return {
    policies: packTexts(sorted.map(writePolicy)),
    outlines: packTexts(sorted.map(({ effect, scope }) => JSON.stringify({ effect, scope }))),
  };
}

export class PackedPolicies implements PolicyStore {
  readonly #policies: PackedTexts;
  readonly #outlines: PackedTexts;
  readonly #recent = new Map<number, CompiledPolicy>();

  constructor({ policies, outlines }: PolicyBytes) {
    this.#policies = new PackedTexts(policies);
    this.#outlines = new PackedTexts(outlines);
  }

  get count(): number {
    return this.#policies.count;
  }

  *outlines(): Generator<PolicyOutline, void> {
    for (let place = 0; place < this.count; place += 1)
      yield JSON.parse(this.#outlines.read(place)) as PolicyOutline;
  }

  read(place: number): CompiledPolicy {
    const known = this.#recent.get(place);
    if (known !== undefined) return known;
    const policy = readPolicy(this.#policies.read(place));
    if (this.#recent.size >= recentMax) this.#recent.clear();
    this.#recent.set(place, policy);
    return policy;
  }
}

/** JSON has no sets. */
interface WrittenPolicy extends Omit<CompiledPolicy, 'uses'> {
  readonly uses: Omit<CompiledPolicy['uses'], 'variables' | 'attributes' | 'ancestors'> & {
    readonly variables: readonly string[];
    readonly attributes: readonly string[];
    readonly ancestors: readonly string[] | 'any';
  };
}

function writePolicy(policy: CompiledPolicy): string {
  const { variables, attributes, ancestors, tags, literals } = policy.uses;
  const written: WrittenPolicy = {
    ...policy,
    uses: {
      variables: [...variables],
      attributes: [...attributes],
      ancestors: ancestors === 'any' ? ancestors : [...ancestors],
      tags,
      literals,
    },
  };
  return JSON.stringify(written);
}

function readPolicy(text: string): CompiledPolicy {
  const { uses, ...policy } = JSON.parse(text) as WrittenPolicy;
  const { variables, attributes, ancestors, tags, literals } = uses;
  return {
    ...policy,
    uses: {
      variables: new Set(variables),
      attributes: new Set(attributes),
      ancestors: ancestors === 'any' ? ancestors : new Set(ancestors),
      tags,
      literals,
    },
  };
}
