// From a request to its slice. Two lookups share the work: one by the keys that the index files under, one by the
// candidates found, so that principals with the same effective policies share one preparsed set.
import { PolicyIndex, type ScopeKeys, type ScopeRequest } from './policyIndex.ts';
import type { PolicyStore } from './policyStore.ts';
import { Slice } from './slice.ts';

/** Tuples whose slice is remembered, and with it the slice; a miss costs an index lookup. */
const tuplesMax = 2_048;

/** Longer tuples are looked up anew each time: callers can make up ids of any length, and would fill the memory. */
const tupleCharactersMax = 4_096;

/** Distinct candidate lists kept; a miss costs a merge of reads, less than the preparse that follows it. */
const slicesMax = 1_024;

export class SliceCache {
  readonly #store: PolicyStore;
  readonly #index: PolicyIndex;
  readonly #byTuple = new Map<string, Slice>();
  readonly #byCandidates = new Map<string, Slice>();
  #misses = 0;

  constructor(store: PolicyStore) {
    this.#store = store;
    this.#index = new PolicyIndex(store.outlines());
  }

  /** Slices that had to be built, over the life of the cache. */
  get misses(): number {
    return this.#misses;
  }

  sliceFor(request: ScopeRequest): Slice {
    const keys = this.#index.keysOf(request);
    const tuple = writeKeys(keys);
    const known = this.#byTuple.get(tuple);
    if (known !== undefined) return known;
    const slice = this.#share(this.#index.candidates(keys));
    if (tuple.length <= tupleCharactersMax) remember(this.#byTuple, tuple, slice, tuplesMax);
    return slice;
  }

  #share(candidates: readonly number[]): Slice {
    const key = candidates.join(',');
    const known = this.#byCandidates.get(key);
    if (known !== undefined) return known;
    this.#misses += 1;
    const slice = new Slice(() => candidates.map((place) => this.#store.read(place)), this.#misses);
    remember(this.#byCandidates, key, slice, slicesMax);
    return slice;
  }
}

/** First in, first out: callers can make up principals, so these maps must not grow with them. */
function remember(slices: Map<string, Slice>, key: string, slice: Slice, max: number): void {
  if (slices.size >= max) {
    const [oldest] = slices.keys();
    slices.delete(oldest as string);
  }
  slices.set(key, slice);
}

function writeKeys({ principal, action, resource }: ScopeKeys): string {
  const [first, second, third] = [principal.text, action.text, resource.text];
  return `${first.length}:${first}${second.length}:${second}${third}`;
}
