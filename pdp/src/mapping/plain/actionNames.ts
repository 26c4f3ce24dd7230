// Actions by the names that AuthZEN gives them. A schema with namespaces has actions of several types; a name finds its
// action where only one of them has it.
import type { CedarEntity, EntityUid } from '@cardea/schemas/cedar';
import { Refusal } from '@cardea/schemas/codes';
import { quoteExcerpt } from '@cardea/schemas/json';

const actionType = 'Action';

export class ActionNames {
  /** Of the actions that are no groups of others and share their name with none, in order: what a search can find. */
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
    this.names = [...this.#byName]
      .filter(([name, sharers]) => !groups.has(name) && sharers.length === 1)
      .map(([name]) => name)
      .sort();
  }

  /**
   * What nobody knows is an action all the same, of which no policy speaks. Throws Refusal `invalid_request` for a name
   * that several actions have: to judge none of them would skip what forbids one of them.
   */
  find(name: string): EntityUid {
    const [only, ...more] = this.#byName.get(name) ?? [];
    if (more.length > 0) {
      throw new Refusal(
        'invalid_request',
        `action.name: several actions have the name ${quoteExcerpt(name)}`,
      );
    }
    return only ?? { type: actionType, id: name };
  }
}
