// The candidates for a request as one preparsed policy set in the engine. Slices are shared by every request with the
// same candidates, and bounded: the least recently used gives its place to the next.
import type { CedarHost } from '../wasm/cedarHost.ts';
import { EngineFault } from '../wasm/cedarInstance.ts';
import { buildReadTree, listPointers, type ReadNode } from '../request/readTree.ts';
import type { CompiledPolicy } from './compilePolicy.ts';
import { mergeEntityUses, type EntityUse } from './entityUse.ts';

/** Policies that an instance keeps preparsed over all slices; each costs a few kilobytes of its memory. */
const preparsedPoliciesMax = 8_192;

export class Slice {
  readonly policies: readonly CompiledPolicy[];
  readonly reads: ReadNode;
  readonly dependsOn: readonly string[];
  readonly uses: EntityUse;
  readonly byId: ReadonlyMap<string, CompiledPolicy>;

  constructor(policies: readonly CompiledPolicy[]) {
    this.policies = policies;
    this.reads = buildReadTree(policies.flatMap((policy) => policy.reads));
    this.dependsOn = listPointers(this.reads);
    this.uses = mergeEntityUses(policies.map((policy) => policy.uses));
    this.byId = new Map(policies.map((policy) => [policy.id, policy]));
  }

  #permits: Slice | undefined;

  /** The same candidates without their forbids: whether the call would be allowed if nothing held it. */
  get permits(): Slice {
    this.#permits ??= new Slice(this.policies.filter((policy) => policy.effect === 'permit'));
    return this.#permits;
  }

  /** Whether any path below this top-level key of the context is read. */
  readsFamily(family: string): boolean {
    return this.reads.whole || this.reads.children.has(family);
  }
}

/** Hands out the name under which a slice is preparsed in the current instance, parsing it first where needed. */
export class PreparsedSlices {
  readonly #host: CedarHost;
  readonly #names = new Map<Slice, string>();
  readonly #freeNames: string[] = [];
  #generation = 0;
  #policies = 0;

  constructor(host: CedarHost) {
    this.#host = host;
  }

  /** Throws EngineFault where the engine refuses policies that it accepted when they were published. */
  nameOf(slice: Slice): string {
    if (this.#generation !== this.#host.generation) this.#forgetAll();
    const known = this.#names.get(slice);
    if (known !== undefined) {
      // Map order is recency: the first key is the one to go.
      this.#names.delete(slice);
      this.#names.set(slice, known);
      return known;
    }
    this.#makeRoomFor(slice);
    const name = this.#freeNames.pop() ?? `slice-${this.#names.size}`;
    this.#preparse(name, slice.policies);
    this.#names.set(slice, name);
    this.#policies += slice.policies.length;
    return name;
  }

  #preparse(name: string, policies: readonly CompiledPolicy[]): void {
    const staticPolicies = Object.fromEntries(policies.map((policy) => [policy.id, policy.text]));
    const answer = this.#host.preparsePolicySet(name, JSON.stringify({ staticPolicies }));
    if (!answer.startsWith('{"type":"success"'))
      throw new EngineFault(new Error('a published policy does not parse'));
  }

  #forgetAll(): void {
    this.#names.clear();
    this.#freeNames.length = 0;
    this.#policies = 0;
    this.#generation = this.#host.generation;
  }

  /** INVARIANT: preparsing under a name frees what was there; a freed name is emptied at once and used again. */
  #makeRoomFor(slice: Slice): void {
    while (this.#names.size > 0 && this.#policies + slice.policies.length > preparsedPoliciesMax) {
      const [oldest] = this.#names as Iterable<[Slice, string]>;
      if (oldest === undefined) return;
      const [evicted, name] = oldest;
      this.#names.delete(evicted);
      this.#policies -= evicted.policies.length;
      this.#preparse(name, []);
      this.#freeNames.push(name);
    }
  }
}
