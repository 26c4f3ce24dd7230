// Policy sets that the engine keeps preparsed under a name. They are bounded: the least recently used gives its place
// to the next.
import type { CedarHost } from '../wasm/cedarHost.ts';
import { EngineFault } from '../wasm/cedarInstance.ts';
import type { PolicySet } from './policySet.ts';

/** Policies that an instance keeps preparsed over all sets; each costs a few kilobytes of its memory. */
const preparsedPoliciesMax = 8_192;

export class PreparsedSets {
  readonly #host: CedarHost;
  readonly #names = new Map<PolicySet, string>();
  readonly #freeNames: string[] = [];
  #generation = 0;
  #policies = 0;

  constructor(host: CedarHost) {
    this.#host = host;
  }

  /** Throws EngineFault where the engine refuses policies that it accepted when they were published. */
  nameOf(set: PolicySet): string {
    if (this.#generation !== this.#host.generation) this.#forgetAll();
    const known = this.#names.get(set);
    if (known !== undefined) {
      // Map order is recency: the first key is the one to go.
      this.#names.delete(set);
      this.#names.set(set, known);
      return known;
    }
    this.#makeRoomFor(set);
    const name = this.#freeNames.pop() ?? `set-${this.#names.size}`;
    this.#preparse(name, set);
    this.#names.set(set, name);
    this.#policies += set.members.size;
    return name;
  }

  #preparse(name: string, set: PolicySet): void {
    const texts = [...set.members].map(([id, { text }]) => [id, text] as const);
    const staticPolicies = Object.fromEntries(texts);
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
  #makeRoomFor(set: PolicySet): void {
    while (this.#names.size > 0 && this.#policies + set.members.size > preparsedPoliciesMax) {
      const [oldest] = this.#names as Iterable<[PolicySet, string]>;
      if (oldest === undefined) return;
      const [evicted, name] = oldest;
      this.#names.delete(evicted);
      this.#policies -= evicted.members.size;
      this.#preparse(name, emptySet);
      this.#freeNames.push(name);
    }
  }
}

const emptySet: PolicySet = { members: new Map() };
