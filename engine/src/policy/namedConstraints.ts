// The constraints that policies make on one side of their scopes, each as a key to file under, and which of them an
// entity meets.
import type { ScopeSide } from './scope.ts';

/** The key of a side without constraint. */
export const anything = '*';

export class NamedConstraints {
  /** By the entity that they name. */
  readonly #byEntity = new Map<string, NamedConstraint[]>();
  /** Those that name a type alone. */
  readonly #types = new Set<string>();

  /** The keys to file under. */
  add({ keys, exact, type }: ScopeSide): readonly string[] {
    if (keys !== undefined) return keys.map((entity) => this.#addEntity(entity, exact, type));
    if (type === undefined) return [anything];
    this.#types.add(type);
    return [type];
  }

  #addEntity(entity: string, exact: boolean, type: string | undefined): string {
    // A type is a Cedar name: neither sign is a part of one.
    const key = `${type ?? ''}${exact ? '=' : '<'}${entity}`;
    const named = this.#byEntity.get(entity) ?? [];
    if (!named.some((known) => known.key === key)) named.push({ key, exact, type });
    this.#byEntity.set(entity, named);
    return key;
  }

  /** The keys of those that an entity meets, sorted. */
  met(type: string, own: string, ancestors: ReadonlySet<string>): string[] {
    const keys: string[] = [];
    const meet = (entity: string): void => {
      for (const named of this.#byEntity.get(entity) ?? none) {
        if ((named.exact && entity !== own) || (named.type ?? type) !== type) continue;
        keys.push(named.key);
      }
    };
    if (this.#types.has(type)) keys.push(type);
    meet(own);
    for (const ancestor of ancestors) if (ancestor !== own) meet(ancestor);
    return keys.length > 1 ? keys.sort() : keys;
  }
}

interface NamedConstraint {
  readonly key: string;
  /** `==` takes the entity itself alone; `in` also what lies below it. */
  readonly exact: boolean;
  /** What `is` asks for. */
  readonly type: string | undefined;
}

const none: readonly NamedConstraint[] = [];
