// `entities.json` of a plain bundle, in the form that the builder writes: Cedar's JSON with every entity reference and
// extension value written out, so that it means the same with and without a schema.

import {
  entityKey,
  type CedarEntity,
  type CedarRecord,
  type CedarValue,
  type EntityUid,
} from '@cardea/schemas/cedar';
import { isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { FieldFault, Fields } from './fields.ts';

export const entitiesMax = 100_000;

/** Throws FieldFault. */
export function readEntities(value: JsonValue): CedarEntity[] {
  if (!Array.isArray(value) || value.length > entitiesMax) {
    throw new FieldFault('', `must be a list of at most ${entitiesMax} entities`);
  }
  const entities = (value as readonly JsonValue[]).map((entity, index) => readEntity(entity, `/${index}`));
  const seen = new Set<string>();
  for (const [index, { uid }] of entities.entries()) {
    const key = entityKey(uid);
    if (seen.has(key)) throw new FieldFault(`/${index}/uid`, 'is that of an entity before it');
    seen.add(key);
  }
  return entities;
}

function readEntity(value: JsonValue, pointer: string): CedarEntity {
  const fields = new Fields(value, ['attrs', 'parents', 'tags', 'uid'], pointer);
  const parents = fields.value('parents') === undefined ? [] : fields.list('parents', entitiesMax);
  const tags = fields.value('tags');
  return {
    uid: readUid(fields.value('uid'), `${pointer}/uid`),
    attrs: readRecord(fields.value('attrs') ?? {}, `${pointer}/attrs`),
    parents: parents.map((parent, index) => readUid(parent, `${pointer}/parents/${index}`)),
    ...(tags === undefined ? {} : { tags: readRecord(tags, `${pointer}/tags`) }),
  };
}

/** `{"type": .., "id": ..}`, alone or inside `__entity`. */
export function readUid(value: JsonValue | undefined, pointer: string): EntityUid {
  const inner = isJsonObject(value) && Object.hasOwn(value, '__entity') ? value['__entity'] : value;
  const fields = new Fields(inner, ['id', 'type'], pointer);
  return { type: fields.text('type', /^[^\0]+$/), id: fields.text('id', /^[^]*$/) };
}

function readRecord(value: JsonValue, pointer: string): CedarRecord {
  if (!isJsonObject(value)) throw new FieldFault(pointer, 'must be an object');
  const record = Object.create(null) as Record<string, CedarValue>;
  for (const [name, field] of Object.entries<JsonValue>(value))
    record[name] = readValue(field, `${pointer}/${name}`);
  return record;
}

function readValue(value: JsonValue, pointer: string): CedarValue {
  if (value === null) throw new FieldFault(pointer, 'is null, which Cedar does not have');
  if (typeof value === 'number' && !Number.isInteger(value)) {
    throw new FieldFault(pointer, 'is a fraction: write {"__extn": {"fn": "decimal", "arg": "0.5"}}');
  }
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    return (value as readonly JsonValue[]).map((element, index) => readValue(element, `${pointer}/${index}`));
  }
  const object = value as JsonObject;
  if (Object.hasOwn(object, '__entity')) return { __entity: readUid(object, pointer) };
  if (Object.hasOwn(object, '__extn')) return readExtension(object, pointer);
  return readRecord(object, pointer);
}

function readExtension(object: JsonObject, pointer: string): CedarValue {
  const fields = new Fields(object, ['__extn'], pointer).fields('__extn', ['arg', 'fn']);
  const fn = fields.oneOf('fn', ['decimal', 'datetime', 'duration', 'ip']);
  return { __extn: { fn, arg: fields.text('arg', /^[^\0]{0,128}$/) } };
}
