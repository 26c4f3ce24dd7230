// Finds the policies whose scope covers a request, without looking at the others. Every constraint that names
// entities becomes one key per combination; a side without constraint is filed under `*`.
import { entityKey, type EntityUid } from '@cardea/schemas/cedar';
import type { CompiledPolicy } from './compilePolicy.ts';
import type { ScopeSide } from './scope.ts';

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
  /** Says all that policies can tell of this side: where it is equal, they cover the same. */
  readonly text: string;
}

const any = '*';
const sides = ['principal', 'action', 'resource'] as const;
type SideName = (typeof sides)[number];

export class PolicyIndex {
  readonly #policies = new Map<string, CompiledPolicy[]>();
  readonly #named = bySide(() => new Set<string>());
  /** Of entities of the bundle alone: those that callers make up must not grow it. */
  readonly #lasting = bySide(() => new Map<string, SideKeys>());

  constructor(policies: readonly CompiledPolicy[]) {
    for (const policy of policies) this.#file(policy);
  }

  /** Which of the request's entities and ancestors any policy names, in a stable order: equal keys, equal slices. */
  keysOf(request: ScopeRequest): ScopeKeys {
    return {
      principal: this.#keysOfSide('principal', request),
      action: this.#keysOfSide('action', request),
      resource: this.#keysOfSide('resource', request),
    };
  }

  #keysOfSide(side: SideName, request: ScopeRequest): SideKeys {
    const { type } = request[side];
    const own = entityKey(request[side]);
    const known = this.#lasting[side].get(own);
    const isLasting = request.isLasting(own);
    if (known !== undefined && isLasting) return known;
    const named: string[] = [];
    if (this.#named[side].has(own)) named.push(own);
    for (const key of request.ancestors(own)) if (key !== own && this.#named[side].has(key)) named.push(key);
    // `==` tells the entity itself from one that lies below it.
    const isNamed = named[0] === own;
    named.sort();
    const self = isNamed ? own : type;
    const text = `${self.length}:${self}${named.map((key) => `${key.length}:${key}`).join('')}`;
    const found = { keys: [any, ...named], text };
    if (isLasting) this.#lasting[side].set(own, found);
    return found;
  }

  /** Every policy whose scope covers the request, sorted by id. `keys` are those that `keysOf` gave for it. */
  candidates(request: ScopeRequest, keys: ScopeKeys): CompiledPolicy[] {
    const filed = combinations(keys.principal.keys, keys.action.keys, keys.resource.keys).flatMap(
      (key) => this.#policies.get(key) ?? [],
    );
    const found = new Set(
      filed.filter(({ scope }) => sides.every((side) => admits(scope[side], request[side]))),
    );
    return [...found].sort((left, right) => compareText(left.id, right.id));
  }

  #file(policy: CompiledPolicy): void {
    const { principal, action, resource } = policy.scope;
    for (const side of sides) policy.scope[side].keys?.forEach((key) => this.#named[side].add(key));
    for (const key of combinations(principal.keys ?? [any], action.keys ?? [any], resource.keys ?? [any])) {
      const filed = this.#policies.get(key);
      if (filed === undefined) this.#policies.set(key, [policy]);
      else filed.push(policy);
    }
  }
}

function bySide<T>(make: () => T): Readonly<Record<SideName, T>> {
  return { principal: make(), action: make(), resource: make() };
}

/** What the keys alone do not settle: `==` takes no descendants, `is` wants a type. */
function admits(side: ScopeSide, entity: EntityUid): boolean {
  if (side.type !== undefined && side.type !== entity.type) return false;
  return !side.exact || side.keys === undefined || side.keys.includes(entityKey(entity));
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

export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
