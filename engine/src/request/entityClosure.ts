// The entities that go with a request: closed over everything that the candidate policies can reach from it, and
// stripped to what they can ask. A forbid on `resource.owner in Group::"g"` is skipped silently when the owner is
// missing, so the closure follows attributes, tags, policy literals and context references, not only ancestors.
import {
  entityKey,
  entityOfKey,
  isCedarRecord,
  isCedarSet,
  isEntityReference,
  type CedarEntity,
  type CedarRecord,
  type CedarValue,
  type EntityUid,
} from '@cardea/schemas/cedar';
import type { EntityUse } from '../policy/entityUse.ts';
import type { RequestEntities } from './ancestry.ts';

/** Far above any sane policy; below what the engine can parse in the time a decision may take. */
const entitiesMax = 10_000;

/** Throws RangeError past the limit: the caller turns every fault into a denial. */
export function closeEntities(
  roots: readonly EntityUid[],
  use: EntityUse,
  entities: RequestEntities,
): readonly CedarEntity[] {
  const closed: CedarEntity[] = [];
  const seen = new Set<string>();
  const open = [...roots, ...use.literals];
  for (let uid = open.pop(); uid !== undefined; uid = open.pop()) {
    const key = entityKey(uid);
    if (seen.has(key)) continue;
    seen.add(key);
    if (seen.size > entitiesMax) throw new RangeError(`policies reach more than ${entitiesMax} entities`);
    const entity = stripEntity(uid, use, entities);
    if (entity === undefined) continue;
    closed.push(entity);
    collectReferences(entity.attrs, open);
    if (entity.tags !== undefined) collectReferences(entity.tags, open);
  }
  return closed;
}

/** Undefined when the policies can ask nothing of this entity: the engine answers the same without it. */
function stripEntity(uid: EntityUid, use: EntityUse, entities: RequestEntities): CedarEntity | undefined {
  const key = entityKey(uid);
  const entity = entities.get(key);
  if (entity === undefined) return undefined;
  const attrs: Record<string, CedarValue> = Object.create(null) as Record<string, CedarValue>;
  for (const [name, value] of Object.entries(entity.attrs)) if (use.attributes.has(name)) attrs[name] = value;
  const parents = [...entities.ancestors(key)].filter(
    (ancestor) => use.ancestors === 'any' || use.ancestors.has(ancestor),
  );
  const tags = use.tags ? entity.tags : undefined;
  if (Object.keys(attrs).length === 0 && parents.length === 0 && tags === undefined) return undefined;
  return { uid, attrs, parents: parents.map(entityOfKey), ...(tags === undefined ? {} : { tags }) };
}

function collectReferences(value: CedarRecord | CedarValue, found: EntityUid[]): void {
  if (typeof value !== 'object') return;
  if (isCedarSet(value))
    value.forEach((element) => {
      collectReferences(element, found);
    });
  else if (isEntityReference(value)) found.push(value.__entity);
  else if (isCedarRecord(value))
    Object.values(value).forEach((field) => {
      collectReferences(field, found);
    });
}
