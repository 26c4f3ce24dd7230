// `entities.json` of a plain bundle, in the form that the builder writes: Cedar's JSON with every entity reference and
// extension value written out, so that it means the same with and without a schema.

import {
  entityKey,
  type CedarEntity,
  type CedarRecord,
  type CedarValue,
  type EntityUid,
} from '@cardea/schemas/cedar';
import { formatPointer, isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { FieldFault, Fields } from './fields.ts';

const entitiesMax = 100_000;

/** Where a record of an entity stands. */
export interface RecordPlace {
  readonly entityType: string;
  readonly field: 'attrs' | 'tags';
  readonly pointer: string;
}

export type RecordReader = (value: JsonObject, place: RecordPlace) => CedarRecord;

/** Throws FieldFault. The builder reads its sources with a reader of its own, which knows the schema. */
export function readEntities(value: JsonValue, readRecord: RecordReader = readExplicitRecord): CedarEntity[] {
  if (!Array.isArray(value) || value.length > entitiesMax) {
    throw new FieldFault('', `must be a list of at most ${entitiesMax} entities`);
  }
  const seen = new Set<string>();
  return (value as readonly JsonValue[]).map((element, index) => {
    const entity = readEntity(element, `/${index}`, readRecord);
    const key = entityKey(entity.uid);
    if (seen.has(key)) throw new FieldFault(`/${index}/uid`, 'is that of an entity before it');
    seen.add(key);
    return entity;
  });
}

function readEntity(value: JsonValue, pointer: string, readRecord: RecordReader): CedarEntity {
  const fields = new Fields(value, ['attrs', 'parents', 'tags', 'uid'], pointer);
  const uid = readUid(fields.value('uid'), `${pointer}/uid`);
  const parents = fields.value('parents') === undefined ? [] : fields.list('parents', entitiesMax);
  const read = (field: 'attrs' | 'tags'): CedarRecord => {
    const record = fields.value(field) ?? {};
    if (!isJsonObject(record)) throw fields.fault(field, 'must be an object');
    return readRecord(record, { entityType: uid.type, field, pointer: `${pointer}/${field}` });
  };
  return {
    uid,
    attrs: read('attrs'),
    parents: parents.map((parent, index) => readUid(parent, `${pointer}/parents/${index}`)),
    ...(fields.value('tags') === undefined ? {} : { tags: read('tags') }),
  };
}

/** `{"type": .., "id": ..}`, alone or inside `__entity`. */
export function readUid(value: JsonValue | undefined, pointer: string): EntityUid {
  const inner = isJsonObject(value) && Object.hasOwn(value, '__entity') ? value['__entity'] : value;
  const fields = new Fields(inner, ['id', 'type'], pointer);
  return { type: fields.text('type', /^[^\0]+$/), id: fields.text('id', /^[^]*$/) };
}

/** A value in which everything is written out. */
export function readExplicit(value: JsonValue, pointer: string): CedarValue {
  if (value === null) throw new FieldFault(pointer, 'is null, which Cedar does not have');
  if (typeof value === 'number' && !Number.isInteger(value)) {
    throw new FieldFault(pointer, 'is a fraction: write {"__extn": {"fn": "decimal", "arg": "0.5"}}');
  }
  if (typeof value !== 'object') return value;
  if (!isJsonObject(value)) {
    return value.map((element, index) => readExplicit(element, `${pointer}/${index}`));
  }
  if (Object.hasOwn(value, '__entity')) return { __entity: readUid(value, pointer) };
  if (Object.hasOwn(value, '__extn')) return readExtension(value, pointer);
  return readExplicitRecord(value, { pointer });
}

export function readExtension(value: JsonValue, pointer: string): CedarValue {
  const fields = new Fields(value, ['__extn'], pointer).fields('__extn', ['arg', 'fn']);
  const fn = fields.oneOf('fn', ['decimal', 'datetime', 'duration', 'ip']);
  return { __extn: { fn, arg: fields.text('arg', /^[^\0]{0,128}$/) } };
}

function readExplicitRecord(value: JsonObject, { pointer }: { readonly pointer: string }): CedarRecord {
  const record = Object.create(null) as Record<string, CedarValue>;
  for (const [name, field] of Object.entries<JsonValue>(value)) {
    record[name] = readExplicit(field, pointer + formatPointer([name]));
  }
  return record;
}
