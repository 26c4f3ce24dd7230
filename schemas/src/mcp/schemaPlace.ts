// What a schema says of one place in the arguments, wherever it says so: behind references, in parts that all hold, in
// alternatives and under conditions. A place knows more rather than less: whether a value fits is asked elsewhere.

import type { JsonObject, JsonValue } from '../json/index.ts';
import { isJsonObject } from '../json/index.ts';
import { foldKey } from './foldKey.ts';
import { resolveReference } from './schemaReference.ts';

/** The keys that an object here may have. */
export interface DeclaredKeys {
  readonly names: ReadonlySet<string>;
  readonly folds: ReadonlySet<string>;
  /** Others are welcome. */
  readonly open: boolean;
}

/** Places that are remembered: those of schemas that lead back into themselves are found again. */
const placesMax = 5_000;

export class SchemaPlace {
  /** The schemas that speak of the value here. */
  readonly parts: readonly JsonObject[];
  /** Undefined where nothing is said of keys. */
  readonly keys: DeclaredKeys | undefined;
  readonly #root: SchemaRoot;
  readonly #members = new Map<string, SchemaPlace>();
  #others: SchemaPlace | undefined;

  constructor(root: SchemaRoot, seeds: readonly JsonValue[]) {
    this.#root = root;
    const reach = new Reach(root.schema);
    for (const seed of seeds) reach.enter(seed, false);
    this.parts = [...reach.parts];
    this.keys = findKeys(this.parts, reach.isFree);
  }

  member(name: string): SchemaPlace {
    if (this.keys?.names.has(name) !== true) return (this.#others ??= this.#root.place(this.#seedsOf(name)));
    let place = this.#members.get(name);
    if (place === undefined) this.#members.set(name, (place = this.#root.place(this.#seedsOf(name))));
    return place;
  }

  element(at: number): SchemaPlace {
    const seeds = this.parts.flatMap((part) => {
      const { items, prefixItems, additionalItems, unevaluatedItems } = part;
      const places = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : [];
      const rest = Array.isArray(items) ? additionalItems : items;
      return [(places as readonly JsonValue[])[at] ?? rest, unevaluatedItems];
    });
    return this.#root.place(seeds);
  }

  #seedsOf(name: string): (JsonValue | undefined)[] {
    return this.parts.flatMap((part) => {
      const { properties, patternProperties, additionalProperties, unevaluatedProperties } = part;
      if (isJsonObject(properties) && Object.hasOwn(properties, name)) return [properties[name]];
      const patterned = isJsonObject(patternProperties) ? Object.values(patternProperties) : [];
      return [...patterned, additionalProperties, unevaluatedProperties];
    });
  }
}

/** Of the arguments themselves. */
export function schemaPlace(schema: JsonObject): SchemaPlace {
  return new SchemaRoot(schema).place([schema]);
}

class SchemaRoot {
  readonly schema: JsonObject;
  readonly #places = new Map<string, SchemaPlace>();
  readonly #ids = new Map<JsonObject, number>();

  constructor(schema: JsonObject) {
    this.schema = schema;
  }

  place(seeds: readonly (JsonValue | undefined)[]): SchemaPlace {
    const objects = seeds.filter((seed) => isJsonObject(seed));
    const key = objects.map((seed) => this.#idOf(seed)).join();
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = new SchemaPlace(this, objects);
    if (this.#places.size < placesMax) this.#places.set(key, place);
    return place;
  }

  #idOf(schema: JsonObject): number {
    let id = this.#ids.get(schema);
    if (id === undefined) this.#ids.set(schema, (id = this.#ids.size));
    return id;
  }
}

/** Walks through what speaks of the same value, each schema once. */
class Reach {
  readonly parts = new Set<JsonObject>();
  /** An alternative takes objects of any keys. */
  isFree = false;
  readonly #root: JsonObject;

  constructor(root: JsonObject) {
    this.#root = root;
  }

  enter(schema: JsonValue | undefined, isAlternative: boolean): void {
    if (isAlternative && takesAnyObject(schema)) this.isFree = true;
    if (!isJsonObject(schema) || this.parts.has(schema)) return;
    this.parts.add(schema);
    const { $ref, if: condition, then, else: otherwise, dependentSchemas, dependencies } = schema;
    if (typeof $ref === 'string') this.enter(resolveReference(this.#root, $ref), isAlternative);
    for (const part of listOf(schema['allOf'])) this.enter(part, false);
    for (const part of [condition, then, otherwise]) this.enter(part, false);
    for (const parts of [dependentSchemas, dependencies]) {
      if (isJsonObject(parts)) for (const part of Object.values(parts)) this.enter(part, false);
    }
    for (const part of [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])]) this.enter(part, true);
  }
}

const speaking = ['$ref', 'allOf', 'anyOf', 'oneOf', 'if', 'then', 'else', 'properties', 'patternProperties'];
const closing = ['additionalProperties', 'unevaluatedProperties', 'propertyNames', 'enum', 'const'];

function takesAnyObject(schema: JsonValue | undefined): boolean {
  if (!isJsonObject(schema)) return schema === true;
  if ([...speaking, ...closing].some((keyword) => Object.hasOwn(schema, keyword))) return false;
  const { type } = schema;
  return type === 'object' || listOf(type).includes('object') || Object.keys(schema).length === 0;
}

function findKeys(parts: readonly JsonObject[], isFree: boolean): DeclaredKeys | undefined {
  const declared = parts.flatMap(({ properties }) =>
    isJsonObject(properties) ? Object.keys(properties) : [],
  );
  const rests = parts.flatMap((part) => [part['additionalProperties'], part['unevaluatedProperties']]);
  if (declared.length === 0 && !rests.includes(false)) return undefined;
  const welcomes = (rest: JsonValue | undefined): boolean => rest === true || isJsonObject(rest);
  const open =
    isFree || rests.some(welcomes) || parts.some((part) => isJsonObject(part['patternProperties']));
  const names = new Set([...declared, ...parts.flatMap((part) => listOf(part['required']).filter(isText))]);
  return { names, folds: new Set([...names].map(foldKey)), open };
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

function isText(value: JsonValue): value is string {
  return typeof value === 'string';
}
