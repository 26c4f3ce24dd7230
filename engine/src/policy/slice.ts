// The candidates for a request, and what follows from them alone: what they read, what they ask of entities, and the
// sets in which they are evaluated. Slices are shared by every request with the same candidates.
import { buildReadTree, listPointers, type ReadNode } from '../request/readTree.ts';
import type { CompiledPolicy } from './compilePolicy.ts';
import { mergeEntityUses, type EntityUse } from './entityUse.ts';
import { makePlainSet, makeScreenedSet, type PolicySet } from './policySet.ts';

export class Slice {
  readonly number: number;
  readonly policies: readonly CompiledPolicy[];
  readonly permits: readonly CompiledPolicy[];
  readonly reads: ReadNode;
  readonly dependsOn: readonly string[];
  readonly uses: EntityUse;
  readonly byId: ReadonlyMap<string, CompiledPolicy>;

  /** `number` tells this slice from every other of the same engine. */
  constructor(policies: readonly CompiledPolicy[], number: number) {
    this.number = number;
    this.policies = policies;
    this.permits = policies.filter((policy) => policy.effect === 'permit');
    this.reads = buildReadTree(policies.flatMap((policy) => policy.reads));
    this.dependsOn = listPointers(this.reads);
    this.uses = mergeEntityUses(policies.map((policy) => policy.uses));
    this.byId = new Map(policies.map((policy) => [policy.id, policy]));
  }

  #screenedSet: PolicySet | undefined;
  #forbidSet: PolicySet | undefined;
  #permitSet: PolicySet | undefined;

  /** For the first look: whether any forbid has something to say, and which permits apply. */
  get screenedSet(): PolicySet {
    this.#screenedSet ??= makeScreenedSet(this.policies);
    return this.#screenedSet;
  }

  /** For calls that a screen stopped: which forbids it was. */
  get forbidSet(): PolicySet {
    this.#forbidSet ??= makePlainSet(this.policies.filter((policy) => policy.effect === 'forbid'));
    return this.#forbidSet;
  }

  /** Whether the call would be allowed if nothing held it. */
  get permitSet(): PolicySet {
    this.#permitSet ??= makePlainSet(this.permits);
    return this.#permitSet;
  }

  #familiesRead: readonly string[] | undefined;

  /** Which of these top-level keys of the context any path lies below. `families` are the same for each call. */
  familiesRead(families: readonly string[]): readonly string[] {
    this.#familiesRead ??= families.filter((family) => this.reads.whole || this.reads.children.has(family));
    return this.#familiesRead;
  }
}
