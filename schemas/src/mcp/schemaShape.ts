// Walks one JSON Schema (draft 7 or 2020-12) to its shape. The schema is the server's word, hence the limits: without
// them a few nested $refs would grow into a type without end. Keywords that only narrow values are passed over.

import type { CedarAttributeType, CedarRecordType, CedarType } from '../cedar/index.ts';
import { reservedKeys } from '../cedar/index.ts';
import type { JsonObject, JsonValue } from '../json/index.ts';
import { isJsonObject } from '../json/index.ts';
import { RecordBuilder } from './recordBuilder.ts';
import { resolveReference } from './schemaReference.ts';
import type { Shape } from './shape.ts';
import {
  anyShape,
  intersectShapes,
  noShape,
  nullShape,
  opaqueShape,
  settleShape,
  typedShape,
  uniteShapes,
} from './shape.ts';

/** Objects and arrays inside one another. */
export const typeDepthMax = 8;
/** Schemas within schemas of any kind, $refs followed: bounds the call stack. */
export const schemaNestingMax = 64;
/** Schemas visited and properties seen, each time that one is reached anew. */
export const schemaNodesMax = 5_000;
export const propertiesMax = 512;
export const alternativesMax = 64;
export const propertyNameCharactersMax = 256;
/** Of an enum, as many values are looked at; the type is checked against the arguments anyway. */
export const enumValuesMax = 1_000;

export function schemaShape(schema: JsonValue): Shape {
  return shapeOf(schema, { root: schema, budget: { nodes: 0 }, depth: 0, nesting: 0, refs: ['#'] });
}

interface Place {
  readonly root: JsonValue;
  readonly budget: { nodes: number };
  readonly depth: number;
  readonly nesting: number;
  /** The references that are being followed, outermost first. */
  readonly refs: readonly string[];
}

function shapeOf(schema: JsonValue, outer: Place): Shape {
  if (schema === true) return anyShape;
  if (schema === false) return noShape;
  if (!isJsonObject(schema)) return opaqueShape('has a schema that is none');
  const place = { ...outer, nesting: outer.nesting + 1 };
  if (place.nesting > schemaNestingMax) return opaqueShape(`nests schemas deeper than ${schemaNestingMax}`);
  if (++place.budget.nodes > schemaNodesMax) return exhausted;

  let shape = typeShape(schema, place);
  shape = intersectShapes(shape, referredShape(schema, place));
  for (const part of listOf(schema, 'allOf')) shape = intersectShapes(shape, shapeOf(part, place));
  shape = intersectShapes(shape, alternativesShape(listOf(schema, 'anyOf'), place));
  shape = intersectShapes(shape, alternativesShape(listOf(schema, 'oneOf'), place));
  // A declared type says more about intent than its values do: an enum of whole numbers may still be a number.
  if (shape.kind === 'any' || shape.kind === 'opaque') shape = intersectShapes(shape, valuesShape(schema));
  // OpenAPI 3.0 writes it so.
  return read(schema, 'nullable') === true ? uniteShapes(shape, nullShape) : shape;
}

function referredShape(schema: JsonObject, place: Place): Shape {
  const ref = read(schema, '$ref');
  if (ref === undefined) return anyShape;
  if (typeof ref !== 'string') return opaqueShape('has a $ref that is none');
  if (place.refs.includes(ref)) return opaqueShape('contains itself');
  const target = resolveReference(place.root, ref);
  if (target === undefined) return opaqueShape('refers to a schema that is not in this document');
  return shapeOf(target, { ...place, refs: [...place.refs, ref] });
}

// Alternatives of which one says nothing (`anyOf: [{required: [..]}, ..]`) say nothing together.
function alternativesShape(alternatives: readonly JsonValue[], place: Place): Shape {
  if (alternatives.length === 0) return anyShape;
  if (alternatives.length > alternativesMax) return tooMany;
  return alternatives.map((alternative) => shapeOf(alternative, place)).reduce(uniteShapes, noShape);
}

function valuesShape(schema: JsonObject): Shape {
  const values = Object.hasOwn(schema, 'const') ? [read(schema, 'const') ?? null] : listOf(schema, 'enum');
  if (values.length === 0) return anyShape;
  return values.slice(0, enumValuesMax).map(valueShape).reduce(uniteShapes, noShape);
}

function valueShape(value: JsonValue): Shape {
  if (value === null) return nullShape;
  if (typeof value === 'object') return opaqueShape('takes one of several objects or arrays');
  if (typeof value === 'string') return typedShape({ kind: 'String' });
  if (typeof value === 'boolean') return typedShape({ kind: 'Boolean' });
  const isInteger = typeof value === 'bigint' || Number.isInteger(value);
  return typedShape(isInteger ? { kind: 'Long' } : { kind: 'Extension', name: 'decimal' });
}

function typeShape(schema: JsonObject, place: Place): Shape {
  const declared = read(schema, 'type') ?? inferType(schema);
  if (declared === undefined) return anyShape;
  const types = Array.isArray(declared) ? (declared as readonly JsonValue[]) : [declared];
  if (types.length > alternativesMax) return tooMany;
  return types.map((type) => singleTypeShape(type, schema, place)).reduce(uniteShapes, noShape);
}

// Authors leave the type out where other keywords imply it.
function inferType(schema: JsonObject): string | undefined {
  if (Object.hasOwn(schema, 'properties')) return 'object';
  if (Object.hasOwn(schema, 'items') || Object.hasOwn(schema, 'prefixItems')) return 'array';
  return formatType(schema) === undefined ? undefined : 'string';
}

function singleTypeShape(type: JsonValue, schema: JsonObject, place: Place): Shape {
  if (type === 'null') return nullShape;
  if (type === 'array') return arrayShape(schema, place);
  if (type === 'object') return objectShape(schema, place);
  const scalar = typeof type === 'string' ? scalarTypes.get(type) : undefined;
  if (scalar === undefined) return opaqueShape('has a type that JSON Schema does not know');
  return typedShape((type === 'string' ? formatType(schema) : undefined) ?? scalar);
}

const scalarTypes: ReadonlyMap<string, CedarType> = new Map<string, CedarType>([
  ['string', { kind: 'String' }],
  ['integer', { kind: 'Long' }],
  ['number', { kind: 'Extension', name: 'decimal' }],
  ['boolean', { kind: 'Boolean' }],
]);

// Every other format is a text to Cedar.
function formatType(schema: JsonObject): CedarType | undefined {
  const format = read(schema, 'format');
  return typeof format === 'string' ? formatTypes.get(format) : undefined;
}

const formatTypes: ReadonlyMap<string, CedarType> = new Map<string, CedarType>([
  ['date-time', { kind: 'Extension', name: 'datetime' }],
  ['date', { kind: 'Extension', name: 'datetime' }],
  ['duration', { kind: 'Extension', name: 'duration' }],
  ['ipv4', { kind: 'Extension', name: 'ipaddr' }],
  ['ipv6', { kind: 'Extension', name: 'ipaddr' }],
  ['ip', { kind: 'Extension', name: 'ipaddr' }],
]);

function arrayShape(schema: JsonObject, place: Place): Shape {
  const items = read(schema, 'items');
  // Draft 7 writes tuples as an array of items, 2020-12 as prefixItems.
  if (Array.isArray(items) || Object.hasOwn(schema, 'prefixItems')) {
    return opaqueShape('is an array with a type for each position');
  }
  if (place.depth >= typeDepthMax) return tooDeep;
  const settled = settleShape(shapeOf(items ?? true, { ...place, depth: place.depth + 1 }));
  if ('why' in settled) return opaqueShape(`is an array of which each element ${settled.why}`);
  return typedShape({ kind: 'Set', element: settled.type });
}

function objectShape(schema: JsonObject, place: Place): Shape {
  const properties = read(schema, 'properties');
  const declared = isJsonObject(properties) ? properties : emptyObject;
  const names = Object.keys(declared);
  place.budget.nodes += names.length;
  const isFreeForm = names.length === 0 && read(schema, 'additionalProperties') !== false;
  // The arguments themselves are a record in any case.
  if (isFreeForm && place.depth > 0) return opaqueShape('is an object without declared properties');
  if (names.length > propertiesMax) return opaqueShape(`has more than ${propertiesMax} properties`);
  if (place.depth >= typeDepthMax) return tooDeep;
  return typedShape(recordType(schema, declared, { ...place, depth: place.depth + 1 }));
}

function recordType(schema: JsonObject, properties: JsonObject, place: Place): CedarRecordType {
  const required = new Set(listOf(schema, 'required').slice(0, propertiesMax).filter(isString));
  const names = [...new Set([...Object.keys(properties), ...required])].sort();
  const builder = new RecordBuilder();
  for (const name of names) {
    const attribute = propertyAttribute(name, read(properties, name), place);
    if ('why' in attribute) builder.hide(name, attribute.why);
    else builder.declare(name, { ...attribute, required: attribute.required && required.has(name) });
  }
  return builder.build(extendingKeywords.some((keyword) => (read(schema, keyword) ?? false) !== false));
}

const extendingKeywords = ['additionalProperties', 'patternProperties', 'dependentSchemas', 'then', 'else'];

// `required` tells whether listing the property as required would make it so.
function propertyAttribute(
  name: string,
  property: JsonValue | undefined,
  place: Place,
): CedarAttributeType | { readonly why: string } {
  if (reservedKeys.has(name)) return { why: 'has a name that Cedar reserves' };
  if (name.length > propertyNameCharactersMax) return { why: 'has an overlong name' };
  if (!name.isWellFormed()) return { why: 'has a name that is not well-formed Unicode' };
  if (property === undefined) return { why: 'is required, but not described' };
  const shape = shapeOf(property, place);
  const settled = settleShape(shape);
  if ('why' in settled) return settled;
  const nullable = shape.kind === 'typed' && shape.nullable;
  return { type: settled.type, required: !nullable && !hasDefault(property) };
}

// A property with a default may be left out in practice, also where it is listed as required: schema generators
// (zod among them) describe the arguments as they are after defaults were filled in.
function hasDefault(property: JsonValue): boolean {
  return isJsonObject(property) && Object.hasOwn(property, 'default');
}

const tooMany = opaqueShape(`has more than ${alternativesMax} alternatives`);
const tooDeep = opaqueShape(`lies deeper than ${typeDepthMax} levels`);
const exhausted = opaqueShape(`lies beyond the limit of ${schemaNodesMax} schemas`);
const emptyObject = Object.create(null) as JsonObject;

function read(schema: JsonObject, keyword: string): JsonValue | undefined {
  return Object.hasOwn(schema, keyword) ? schema[keyword] : undefined;
}

function listOf(schema: JsonObject, keyword: string): readonly JsonValue[] {
  const value = read(schema, keyword);
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

function isString(value: JsonValue): value is string {
  return typeof value === 'string';
}
