// Actions by the names that AuthZEN gives them. A schema with namespaces has actions of several types; a name finds its
// action where only one of them has it.
import type { CedarEntity, EntityUid } from '@cardea/schemas/cedar';

const actionType = 'Action';

export class ActionNames {
  /** Of the actions that are no groups of others, in order: what a search can find. */
  readonly names: readonly string[];
  readonly #byName: ReadonlyMap<string, readonly EntityUid[]>;

  constructor(entities: readonly CedarEntity[]) {
    const actions = entities.filter(
      ({ uid }) => uid.type === actionType || uid.type.endsWith(`::${actionType}`),
    );
    this.#byName = Map.groupBy(
      actions.map(({ uid }) => uid),
      ({ id }) => id,
    );
    const groups = new Set(actions.flatMap(({ parents }) => parents.map(({ id }) => id)));
    this.names = [...this.#byName.keys()].filter((name) => !groups.has(name)).sort();
  }

  /** What nobody knows is an action all the same, of which no policy speaks. */
  find(name: string): EntityUid {
    const [only, ...more] = this.#byName.get(name) ?? [];
    return only !== undefined && more.length === 0 ? only : { type: actionType, id: name };
  }
}
