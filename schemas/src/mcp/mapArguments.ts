// From the arguments of a call to the typed value of `context.input`. Every key and value here is the caller's, who
// may want a policy to see something else than the server will.

import type { CedarRecord, CedarRecordType, CedarType, CedarValue } from '../cedar/index.ts';
import { reservedKeys, toExtensionValue, Unrepresentable } from '../cedar/index.ts';
import type { JsonObject, JsonValue } from '../json/index.ts';
import { formatPointer, isInt64, isJsonObject, narrowInteger, quoteExcerpt } from '../json/index.ts';
import { foldKey } from './foldKey.ts';
import type { SchemaPlace } from './schemaPlace.ts';

/**
 * Undeclared keys beyond this are refused unread: no server's argument is named so, and normalizing a text takes time
 * that grows with the square of its length.
 */
const keyCharactersMax = 512;

export type MappedArguments =
  { readonly kind: 'mapped'; readonly input: CedarRecord } | ({ readonly kind: 'refused' } & ArgumentRefusal);

export interface ArgumentRefusal {
  readonly code: 'undeclared_argument' | 'folded_key' | 'missing_argument' | 'reserved_key';
  /** Into the arguments. */
  readonly pointer: string;
  readonly message: string;
}

/**
 * Maps arguments to values of the type. What does not fit its declared type is an Unrepresentable at its place and
 * harms only a verdict that reads it; keys that could mean one thing to a policy and another to the server refuse the
 * call, the first of them in document order. `open` lets undeclared keys through, as Unrepresentables. With
 * `place`, what the schema says of the arguments, its word on keys holds where Cedar has no type, too. The nesting of the
 * arguments is bounded by the strict reader that they come from.
 */
export function mapArguments(
  type: CedarRecordType,
  args: JsonObject,
  { open, place }: { readonly open: boolean; readonly place?: SchemaPlace },
): MappedArguments {
  const mapper = new ArgumentMapper(open, (path) => place && placeAt(place, args, path));
  const input = mapper.mapRecord(type, args);
  return mapper.refusal === undefined ? { kind: 'mapped', input } : { kind: 'refused', ...mapper.refusal };
}

class ArgumentMapper {
  refusal: ArgumentRefusal | undefined;
  private readonly open: boolean;
  private readonly placeAt: (path: readonly string[]) => SchemaPlace | undefined;
  /** Where the walk stands. */
  private readonly path: string[] = [];

  constructor(open: boolean, placeAt: (path: readonly string[]) => SchemaPlace | undefined) {
    this.open = open;
    this.placeAt = placeAt;
  }

  mapRecord(type: CedarRecordType, object: JsonObject): CedarRecord {
    const record = Object.create(null) as Record<string, CedarValue>;
    for (const [key, value] of Object.entries(object)) {
      this.path.push(key);
      record[key] = this.mapMember(type, key, value);
      this.path.pop();
    }
    for (const [name, attribute] of Object.entries(type.attributes)) {
      if (attribute.required && !Object.hasOwn(object, name)) this.refuseMissing(name);
    }
    return record;
  }

  private mapMember(type: CedarRecordType, key: string, value: JsonValue): CedarValue {
    const attribute = Object.hasOwn(type.attributes, key) ? type.attributes[key] : undefined;
    if (attribute !== undefined) return this.mapValue(attribute.type, value);
    this.refuseReservedKey(key);
    this.refuseReservedKeysIn(value);
    if (Object.hasOwn(type.opaque, key)) {
      if (typeof value === 'object') this.refuseKeysIn(value, this.placeAt(this.path));
      return new Unrepresentable(`its schema ${type.opaque[key] ?? ''}`);
    }
    this.refuseUndeclared(key, foldedNames(type), this.open);
    return new Unrepresentable('the tool does not declare it');
  }

  private refuseUndeclared(key: string, folds: ReadonlySet<string>, open: boolean): void {
    const name = quoteExcerpt(key);
    if (key.length > keyCharactersMax) {
      this.refuse('undeclared_argument', `the argument ${name} has more than ${keyCharactersMax} characters`);
    } else if (folds.has(foldKey(key))) {
      this.refuse('folded_key', `the argument ${name} differs from a declared one only in case or form`);
    } else if (!open) this.refuse('undeclared_argument', `the tool declares no argument ${name}`);
  }

  /** In a value without a type: as far as the schema says something of keys, they are held to it. */
  private refuseKeysIn(value: JsonValue, place: SchemaPlace | undefined): void {
    if (typeof value !== 'object' || value === null || place === undefined) return;
    const { keys } = place;
    for (const [key, member] of Object.entries<JsonValue>(value)) {
      this.path.push(key);
      if (Array.isArray(value)) this.refuseKeysIn(member, place.element(Number(key)));
      else {
        if (keys?.names.has(key) === false) this.refuseUndeclared(key, keys.folds, this.open || keys.open);
        this.refuseKeysIn(member, place.member(key));
      }
      this.path.pop();
    }
  }

  private mapValue(type: CedarType, value: JsonValue): CedarValue {
    switch (type.kind) {
      case 'String':
        return typeof value === 'string' ? value : this.misfit(type, value);
      case 'Boolean':
        return typeof value === 'boolean' ? value : this.misfit(type, value);
      case 'Long':
        return toLong(value) ?? this.misfit(type, value);
      case 'Extension':
        return typeof value === 'string' || isNumeric(value)
          ? toExtensionValue(type.name, value)
          : this.misfit(type, value);
      case 'Set':
        return Array.isArray(value)
          ? this.mapElements(type.element, value as readonly JsonValue[])
          : this.misfit(type, value);
      case 'Record':
        return isJsonObject(value) ? this.mapRecord(type, value) : this.misfit(type, value);
    }
  }

  private mapElements(type: CedarType, elements: readonly JsonValue[]): CedarValue[] {
    return elements.map((element, index) => {
      this.path.push(String(index));
      const value = this.mapValue(type, element);
      this.path.pop();
      return value;
    });
  }

  private misfit(type: CedarType, value: JsonValue): Unrepresentable {
    this.refuseReservedKeysIn(value);
    return new Unrepresentable(
      `it is ${describe(value)}, where its schema declares ${expectations[type.kind]}`,
    );
  }

  private refuseReservedKeysIn(value: JsonValue): void {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries<JsonValue>(value)) {
      this.path.push(key);
      this.refuseReservedKey(key);
      this.refuseReservedKeysIn(member);
      this.path.pop();
    }
  }

  private refuseReservedKey(key: string): void {
    if (reservedKeys.has(key)) this.refuse('reserved_key', `the key ${quoteExcerpt(key)} is reserved`);
  }

  private refuseMissing(name: string): void {
    this.path.push(name);
    this.refuse('missing_argument', `the tool requires the argument ${quoteExcerpt(name)}`);
    this.path.pop();
  }

  private refuse(code: ArgumentRefusal['code'], message: string): void {
    this.refusal ??= { code, pointer: formatPointer(this.path), message };
  }
}

function placeAt(place: SchemaPlace, args: JsonObject, path: readonly string[]): SchemaPlace {
  let value: JsonValue | undefined = args;
  return path.reduce((at, key) => {
    const isArray = Array.isArray(value);
    value = (value as JsonObject | undefined)?.[key];
    return isArray ? at.element(Number(key)) : at.member(key);
  }, place);
}

// Kept per type: an open tool may be sent any number of undeclared keys.
const foldedNamesOfTypes = new WeakMap<CedarRecordType, ReadonlySet<string>>();

function foldedNames(type: CedarRecordType): ReadonlySet<string> {
  let names = foldedNamesOfTypes.get(type);
  if (names === undefined) {
    names = new Set([...Object.keys(type.attributes), ...Object.keys(type.opaque)].map(foldKey));
    foldedNamesOfTypes.set(type, names);
  }
  return names;
}

// JSON Schema counts 1.0 among the integers (2020-12 Core, 4.2.3).
function toLong(value: JsonValue): number | bigint | undefined {
  if (!isNumeric(value) || (typeof value === 'number' && !Number.isInteger(value))) return undefined;
  // Adding zero takes the sign off a negative zero.
  if (Number.isSafeInteger(value)) return (value as number) + 0;
  const integer = BigInt(value);
  return isInt64(integer) ? narrowInteger(integer) : undefined;
}

function isNumeric(value: JsonValue): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

const expectations = {
  String: 'a text',
  Boolean: 'true or false',
  Long: 'an integer of 64 bits',
  Extension: 'a value of one kind',
  Set: 'an array',
  Record: 'an object',
} as const satisfies Record<CedarType['kind'], string>;

// Never the value itself: it may be a secret.
function describe(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return 'a text';
  return typeof value === 'boolean' ? 'true or false' : 'a number';
}
