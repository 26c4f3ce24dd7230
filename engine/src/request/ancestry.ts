// The hierarchy that a request sees: the request's own entities before the bundle's. Ancestors of the bundle's
// entities are computed once; those of a request's are computed for it.
import { entityKey, type CedarEntity, type EntityUid } from '@cardea/schemas/cedar';

/** The bundle's entities, by key. Immutable for the life of an engine. */
export class EntityStore {
  readonly #entities: ReadonlyMap<string, CedarEntity>;
  readonly #ancestors = new Map<string, ReadonlySet<string>>();

  constructor(entities: readonly CedarEntity[]) {
    this.#entities = new Map(entities.map((entity) => [entityKey(entity.uid), entity]));
  }

  get(key: string): CedarEntity | undefined {
    return this.#entities.get(key);
  }

  /** Keys of all ancestors of an entity of the bundle, without itself. */
  ancestors(key: string): ReadonlySet<string> {
    const known = this.#ancestors.get(key);
    if (known !== undefined) return known;
    const found = collectAncestors(key, (ancestor) => this.#entities.get(ancestor));
    // Only entities of the bundle are remembered: keys that callers make up must not grow this map.
    if (this.#entities.has(key)) this.#ancestors.set(key, found);
    return found;
  }
}

export class RequestEntities {
  readonly #store: EntityStore;
  readonly #own: ReadonlyMap<string, CedarEntity>;

  constructor(store: EntityStore, own: readonly CedarEntity[]) {
    this.#store = store;
    this.#own = new Map(own.map((entity) => [entityKey(entity.uid), entity]));
  }

  get(key: string): CedarEntity | undefined {
    return this.#own.get(key) ?? this.#store.get(key);
  }

  /** Whether the request states it, and not the bundle. */
  isOwn(uid: EntityUid): boolean {
    return this.#own.has(entityKey(uid));
  }

  ancestors(key: string): ReadonlySet<string> {
    if (this.isLasting(key)) return this.#store.ancestors(key);
    return collectAncestors(key, (ancestor) => this.get(ancestor));
  }

  /** Whether the bundle knows the entity, and the request states neither it nor anything above it. */
  isLasting(key: string): boolean {
    if (this.#own.has(key) || this.#store.get(key) === undefined) return false;
    const above = this.#store.ancestors(key);
    for (const own of this.#own.keys()) if (above.has(own)) return false;
    return true;
  }
}

function collectAncestors(key: string, find: (key: string) => CedarEntity | undefined): ReadonlySet<string> {
  const found = new Set<string>();
  const open: EntityUid[] = [...(find(key)?.parents ?? [])];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    const parentKey = entityKey(parent);
    if (found.has(parentKey)) continue;
    found.add(parentKey);
    open.push(...(find(parentKey)?.parents ?? []));
  }
  return found;
}
