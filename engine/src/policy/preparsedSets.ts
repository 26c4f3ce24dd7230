// Policy sets that the engine keeps preparsed under a name. They are bounded: the least recently used gives its place
// to the next.
import type { CedarHost } from '../wasm/cedarHost.ts';
import { EngineFault } from '../wasm/cedarInstance.ts';
import type { PolicySet } from './policySet.ts';

/** Of all texts that an instance keeps preparsed; it takes some 30 bytes of memory for each character. */
const charactersMax = 256 * 1024;

interface PreparsedSet {
  readonly name: string;
  readonly characters: number;
}

export class PreparsedSets {
  readonly #host: CedarHost;
  readonly #sets = new Map<PolicySet, PreparsedSet>();
  readonly #freeNames: string[] = [];
  #namesMade = 0;
  #generation = 0;
  #characters = 0;

  constructor(host: CedarHost) {
    this.#host = host;
  }

  /** Throws EngineFault where the engine refuses policies that it accepted when they were published. */
  nameOf(set: PolicySet): string {
    if (this.#generation !== this.#host.generation) this.#forgetAll();
    const known = this.#sets.get(set);
    if (known !== undefined) {
      // Map order is recency: the first key is the one to go.
      this.#sets.delete(set);
      this.#sets.set(set, known);
      return known.name;
    }
    const written = writeSet(set);
    this.#makeRoomFor(written.length);
    const name = this.#freeNames.pop() ?? this.#makeName();
    this.#preparse(name, written);
    this.#sets.set(set, { name, characters: written.length });
    this.#characters += written.length;
    return name;
  }

  /** INVARIANT: never one that is in use, also where a set was refused under the last. */
  #makeName(): string {
    this.#namesMade += 1;
    return `set-${this.#namesMade}`;
  }

  #preparse(name: string, written: string): void {
    const answer = this.#host.preparsePolicySet(name, written);
    if (!answer.startsWith('{"type":"success"'))
      throw new EngineFault(new Error('a published policy does not parse'));
  }

  #forgetAll(): void {
    this.#sets.clear();
    this.#freeNames.length = 0;
    this.#namesMade = 0;
    this.#characters = 0;
    this.#generation = this.#host.generation;
  }

  /** INVARIANT: preparsing under a name frees what was there; a freed name is emptied at once and used again. */
  #makeRoomFor(characters: number): void {
    while (this.#sets.size > 0 && this.#characters + characters > charactersMax) {
      const [oldest] = this.#sets as Iterable<[PolicySet, PreparsedSet]>;
      if (oldest === undefined) return;
      const [evicted, { name, characters: freed }] = oldest;
      this.#sets.delete(evicted);
      this.#characters -= freed;
      this.#preparse(name, nothing);
      this.#freeNames.push(name);
    }
  }
}

function writeSet(set: PolicySet): string {
  const texts = set.write().map((text, member) => [nameOfMember(member), text] as const);
  return JSON.stringify({ staticPolicies: Object.fromEntries(texts) });
}

const nothing = JSON.stringify({ staticPolicies: {} });

/** What the engine calls a member of a set. */
function nameOfMember(member: number): string {
  return `p${member}`;
}

/** The number of the member that the engine calls so. */
export function memberOfName(name: string): number {
  return Number(name.slice(1));
}
