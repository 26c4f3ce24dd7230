// Finds the policies whose scope covers a request, without looking at the others. Every constraint becomes a key, and
// every combination of keys a place to file under; a side without constraint is filed under `*`. A request has the keys
// of all constraints that it meets, and no others: what is filed under them covers it.
import { entityKey, type EntityUid } from '@cardea/schemas/cedar';
import { anything, NamedConstraints } from './namedConstraints.ts';
import type { PolicyOutline } from './policyStore.ts';
import type { Scope } from './scope.ts';

/** What the index asks of a request: its three entities, and what lies above each. */
export interface ScopeRequest {
  readonly principal: EntityUid;
  readonly action: EntityUid;
  readonly resource: EntityUid;
  readonly ancestors: (key: string) => ReadonlySet<string>;
  /** Whether every request sees the same above this entity. */
  readonly isLasting: (key: string) => boolean;
}

/** The keys under which policies for one request can be filed. */
export interface ScopeKeys {
  readonly principal: SideKeys;
  readonly action: SideKeys;
  readonly resource: SideKeys;
}

export interface SideKeys {
  readonly keys: readonly string[];
  /** All of them in one: where it is equal, policies cover the same. */
  readonly text: string;
}

const sides = ['principal', 'action', 'resource'] as const;
type SideName = (typeof sides)[number];

export class PolicyIndex {
  /** Numbers of policies. */
  readonly #filed = new Map<string, number[]>();
  readonly #named = bySide(() => new NamedConstraints());
  /** Of entities of the bundle alone: those that callers make up must not grow it. */
  readonly #lasting = bySide(() => new Map<string, SideKeys>());

  /** Of policies 0, 1, 2 ... */
  constructor(outlines: Iterable<PolicyOutline>) {
    let policy = 0;
    for (const { scope } of outlines) {
      this.#file(policy, scope);
      policy += 1;
    }
  }

  /** The constraints of any policy that the request meets, in a stable order: equal keys, equal slices. */
  keysOf(request: ScopeRequest): ScopeKeys {
    return {
      principal: this.#keysOfSide('principal', request),
      action: this.#keysOfSide('action', request),
      resource: this.#keysOfSide('resource', request),
    };
  }

  #keysOfSide(side: SideName, request: ScopeRequest): SideKeys {
    const own = entityKey(request[side]);
    const known = this.#lasting[side].get(own);
    const isLasting = request.isLasting(own);
    if (known !== undefined && isLasting) return known;
    const met = this.#named[side].met(request[side].type, own, request.ancestors(own));
    const text = met.map((key) => `${key.length}:${key}`).join('');
    const found = { keys: [anything, ...met], text };
    if (isLasting) this.#lasting[side].set(own, found);
    return found;
  }

  /** The number of every policy whose scope covers requests with these keys, in ascending order. */
  candidates({ principal, action, resource }: ScopeKeys): number[] {
    const found = new Set<number>();
    for (const key of combinations(principal.keys, action.keys, resource.keys)) {
      for (const policy of this.#filed.get(key) ?? []) found.add(policy);
    }
    return [...found].sort((left, right) => left - right);
  }

  #file(policy: number, scope: Scope): void {
    const [principals, actions, resources] = sides.map((side) => this.#named[side].add(scope[side]));
    for (const key of combinations(principals ?? [], actions ?? [], resources ?? [])) {
      const filed = this.#filed.get(key);
      if (filed === undefined) this.#filed.set(key, [policy]);
      else filed.push(policy);
    }
  }
}

function bySide<T>(make: () => T): Readonly<Record<SideName, T>> {
  return { principal: make(), action: make(), resource: make() };
}

/** Lengths stand before the texts, so no two triples share a key. */
function combinations(
  principals: readonly string[],
  actions: readonly string[],
  resources: readonly string[],
): string[] {
  return principals.flatMap((principal) =>
    actions.flatMap((action) =>
      resources.map((resource) => `${principal.length}:${principal}${action.length}:${action}${resource}`),
    ),
  );
}
