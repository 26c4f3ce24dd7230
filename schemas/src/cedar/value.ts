// Cedar values, entities and their names, in the JSON form that crosses into the engine. The same shapes serve
// bundles, requests and records, so that what is judged and what is recorded cannot drift apart.

export interface EntityUid {
  readonly type: string;
  readonly id: string;
}

export interface EntityReference {
  readonly __entity: EntityUid;
}

/** An extension value such as decimal("1.50"): the constructor's name and its one text argument. */
export interface ExtensionValue {
  readonly __extn: { readonly fn: string; readonly arg: string };
}

/**
 * A value that Cedar has no type for (a null, a fraction where a Long is declared ...). It may stand anywhere in a
 * context; only a verdict that reads it is denied, and the denial names it.
 */
export class Unrepresentable {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

export type CedarValue =
  | boolean
  | string
  /** Safe integers only; everything between 2^53 and 2^63 is a bigint. */
  | number
  | bigint
  | EntityReference
  | ExtensionValue
  | Unrepresentable
  | readonly CedarValue[]
  | CedarRecord;

export interface CedarRecord {
  readonly [attribute: string]: CedarValue;
}

export interface CedarEntity {
  readonly uid: EntityUid;
  readonly attrs: CedarRecord;
  readonly parents: readonly EntityUid[];
  readonly tags?: CedarRecord;
}

const separator = '\u0000';

/** One string per entity, for maps and sets. A type is a Cedar name and holds no NUL, so no two entities share a key. */
export function entityKey(uid: EntityUid): string {
  return uid.type + separator + uid.id;
}

/** The entity of a key that `entityKey` made. */
export function entityOfKey(key: string): EntityUid {
  const end = key.indexOf(separator);
  return { type: key.slice(0, end), id: key.slice(end + 1) };
}

/** The entity as it is written in policies and messages: `Group::"support"`. */
export function showEntity(uid: EntityUid): string {
  return `${uid.type}::${JSON.stringify(uid.id)}`;
}

export function isEntityReference(value: CedarValue): value is EntityReference {
  return isPlain(value) && Object.hasOwn(value, '__entity');
}

export function isExtensionValue(value: CedarValue): value is ExtensionValue {
  return isPlain(value) && Object.hasOwn(value, '__extn');
}

/** A record, and not one of the two escapes that only look like one. */
export function isCedarRecord(value: CedarValue): value is CedarRecord {
  return isPlain(value) && !Object.hasOwn(value, '__entity') && !Object.hasOwn(value, '__extn');
}

export function isCedarSet(value: CedarValue): value is readonly CedarValue[] {
  return Array.isArray(value);
}

function isPlain(value: CedarValue): value is EntityReference | ExtensionValue | CedarRecord {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Unrepresentable);
}
