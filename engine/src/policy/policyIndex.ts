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
}

/** The keys under which policies for one request can be filed: a complete description of its slice. */
export interface ScopeKeys {
  readonly principal: readonly string[];
  readonly action: readonly string[];
  readonly resource: readonly string[];
}

const any = '*';
const sides = ['principal', 'action', 'resource'] as const;

export class PolicyIndex {
  readonly #policies = new Map<string, CompiledPolicy[]>();
  readonly #named: Readonly<Record<(typeof sides)[number], Set<string>>> = {
    principal: new Set(),
    action: new Set(),
    resource: new Set(),
  };

  constructor(policies: readonly CompiledPolicy[]) {
    for (const policy of policies) this.#file(policy);
  }

  /** Which of the request's entities and ancestors any policy names, in a stable order: equal keys, equal slices. */
  keysOf(request: ScopeRequest): ScopeKeys {
    const keys = (side: (typeof sides)[number]): string[] => {
      const own = entityKey(request[side]);
      const named = [...request.ancestors(own)].filter((key) => key !== own && this.#named[side].has(key));
      return [own, any, ...named.sort()];
    };
    return { principal: keys('principal'), action: keys('action'), resource: keys('resource') };
  }

  /** Every policy whose scope covers the request, sorted by id. `keys` are those that `keysOf` gave for it. */
  candidates(request: ScopeRequest, keys: ScopeKeys): CompiledPolicy[] {
    const filed = combinations(keys.principal, keys.action, keys.resource).flatMap(
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
