// Untrusted JSON as Cedar values, where no schema says what it should be. What Cedar has no type for stays at its
// place as an Unrepresentable: only a verdict that reads it is harmed.
import { reservedKeys, Unrepresentable, type CedarRecord, type CedarValue } from '@cardea/schemas/cedar';
import { Refusal } from '@cardea/schemas/codes';
import { quoteExcerpt, type JsonObject, type JsonValue } from '@cardea/schemas/json';

/**
 * Throws Refusal `reserved_key`: those keys would forge entities and extension values. `place` is named where the
 * engine cannot name the path: a value inside an entity.
 */
export function mapPlainRecord(object: JsonObject, place = ''): CedarRecord {
  const record = Object.create(null) as Record<string, CedarValue>;
  for (const key of Object.keys(object)) {
    if (reservedKeys.has(key)) throw new Refusal('reserved_key', `the key ${quoteExcerpt(key)} is reserved`);
    record[key] = mapPlainValue(object[key] as JsonValue, place);
  }
  return record;
}

function mapPlainValue(value: JsonValue, place: string): CedarValue {
  if (value === null) return new Unrepresentable(`${place}it is null`);
  if (typeof value === 'number' && !Number.isInteger(value))
    return new Unrepresentable(`${place}it is a fraction`);
  if (typeof value !== 'object') return value;
  if (Array.isArray(value))
    return (value as readonly JsonValue[]).map((element) => mapPlainValue(element, place));
  return mapPlainRecord(value as JsonObject, place);
}
