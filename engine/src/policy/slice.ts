// The candidates for a request, and what follows from them alone: what they read, what they ask of entities, and the
// sets in which they are evaluated. Slices are shared by every request with the same candidates.
import { buildReadTree, listPointers, type ReadNode } from '../request/readTree.ts';
import type { CompiledPolicy } from './compilePolicy.ts';
import { mergeEntityUses, type EntityUse } from './entityUse.ts';
import { makePlainSet, makeScreenedSet, type PolicySet, type ReadPolicies } from './policySet.ts';

export class Slice {
  readonly number: number;
  readonly isEmpty: boolean;
  readonly hasPermits: boolean;
  readonly reads: ReadNode;
  readonly dependsOn: readonly string[];
  readonly uses: EntityUse;
  readonly #read: ReadPolicies;

  /** `number` tells this slice from every other of the same engine. The policies are read, and not kept. */
  constructor(read: ReadPolicies, number: number) {
    const policies = read();
    this.#read = read;
    this.number = number;
    this.isEmpty = policies.length === 0;
    this.hasPermits = policies.some(isPermit);
    this.reads = buildReadTree(policies.flatMap((policy) => policy.reads));
    this.dependsOn = listPointers(this.reads);
    this.uses = mergeEntityUses(policies.map((policy) => policy.uses));
  }

  #screenedSet: PolicySet | undefined;
  #forbidSet: PolicySet | undefined;
  #permitSet: PolicySet | undefined;

  /** All candidates, sorted by id: for those who look at each of them. */
  readPolicies(): readonly CompiledPolicy[] {
    return this.#read();
  }

  /** For the first look: whether any forbid has something to say, and which permits apply. */
  get screenedSet(): PolicySet {
    return (this.#screenedSet ??= makeScreenedSet(this.#read));
  }

  /** For calls that a screen stopped: which forbids it was. */
  get forbidSet(): PolicySet {
    return (this.#forbidSet ??= makePlainSet(() => this.#read().filter((policy) => !isPermit(policy))));
  }

  /** Whether the call would be allowed if nothing held it. */
  get permitSet(): PolicySet {
    return (this.#permitSet ??= makePlainSet(() => this.#read().filter(isPermit)));
  }

  #familiesRead: readonly string[] | undefined;

  /** Which of these top-level keys of the context any path lies below. `families` are the same for each call. */
  familiesRead(families: readonly string[]): readonly string[] {
    this.#familiesRead ??= families.filter((family) => this.readsKey(family));
    return this.#familiesRead;
  }

  /** Whether any path lies below this top-level key of the context. */
  readsKey(key: string): boolean {
    return this.reads.whole || this.reads.children.has(key);
  }
}

function isPermit({ effect }: CompiledPolicy): boolean {
  return effect === 'permit';
}
