// What a JSON Schema says about a value, on its way to a Cedar type: an algebra of two operations, one for
// alternatives (anyOf, oneOf, type lists) and one for conjuncts (allOf, siblings). Both are total, and a shape may be
// wider than the schema: arguments are checked against the type again, so that width costs no safety.

import type { CedarAttributeType, CedarRecordType, CedarType } from '../cedar/index.ts';
import { RecordBuilder } from './recordBuilder.ts';

export type Shape =
  /** Nothing is said. */
  | { readonly kind: 'any' }
  /** No value fits. */
  | { readonly kind: 'none' }
  | { readonly kind: 'null' }
  /** Cedar has no type for it; `why` continues a sentence that begins with the argument's name. */
  | { readonly kind: 'opaque'; readonly why: string }
  | { readonly kind: 'typed'; readonly type: CedarType; readonly nullable: boolean };

export const anyShape: Shape = { kind: 'any' };
export const noShape: Shape = { kind: 'none' };
export const nullShape: Shape = { kind: 'null' };

export function opaqueShape(why: string): Shape {
  return { kind: 'opaque', why };
}

export function typedShape(type: CedarType): Shape {
  return { kind: 'typed', type, nullable: false };
}

/** The type that a record can give to a value of this shape, or why it can give none. */
export function settleShape(shape: Shape): { readonly type: CedarType } | { readonly why: string } {
  switch (shape.kind) {
    case 'typed':
      return { type: shape.type };
    case 'opaque':
      return { why: shape.why };
    case 'any':
      return { why: 'takes values of any type' };
    case 'none':
      return { why: 'has contradictory types' };
    case 'null':
      return { why: 'takes nothing but null' };
  }
}

/** A value that fits one of both. */
export function uniteShapes(one: Shape, other: Shape): Shape {
  if (one.kind === 'none' || other.kind === 'any') return other;
  if (other.kind === 'none' || one.kind === 'any') return one;
  if (one.kind === 'opaque') return one;
  if (other.kind === 'opaque') return other;
  if (one.kind === 'null') return other.kind === 'null' ? other : { ...other, nullable: true };
  if (other.kind === 'null') return { ...one, nullable: true };
  const type = uniteTypes(one.type, other.type);
  if (type === undefined) return opaqueShape(`mixes ${nameType(one.type)} with ${nameType(other.type)}`);
  return { kind: 'typed', type, nullable: one.nullable || other.nullable };
}

/** A value that fits both. Beside an opaque part the other counts: its guarantee holds all the same. */
export function intersectShapes(one: Shape, other: Shape): Shape {
  if (one.kind === 'any' || other.kind === 'none') return other;
  if (other.kind === 'any' || one.kind === 'none') return one;
  if (one.kind === 'opaque') return extendShape(other);
  if (other.kind === 'opaque') return extendShape(one);
  if (one.kind === 'null') return other.kind === 'null' || other.nullable ? nullShape : noShape;
  if (other.kind === 'null') return one.nullable ? nullShape : noShape;
  const type = intersectTypes(one.type, other.type);
  return type === undefined ? noShape : { kind: 'typed', type, nullable: one.nullable && other.nullable };
}

// The opaque part may know of further keys.
function extendShape(shape: Shape): Shape {
  if (shape.kind !== 'typed' || shape.type.kind !== 'Record') return shape;
  return { ...shape, type: { ...shape.type, extensible: true } };
}

function uniteTypes(one: CedarType, other: CedarType): CedarType | undefined {
  if (one.kind === 'Record' && other.kind === 'Record') return uniteRecords(one, other);
  if (one.kind === 'Set' && other.kind === 'Set') {
    const element = uniteTypes(one.element, other.element);
    return element && { kind: 'Set', element };
  }
  if (isSameScalar(one, other)) return one;
  if (isNumber(one) && isNumber(other)) return { kind: 'Extension', name: 'decimal' };
  return isText(one) && isText(other) ? { kind: 'String' } : undefined;
}

function intersectTypes(one: CedarType, other: CedarType): CedarType | undefined {
  if (one.kind === 'Record' && other.kind === 'Record') return intersectRecords(one, other);
  if (one.kind === 'Set' && other.kind === 'Set') {
    const element = intersectTypes(one.element, other.element);
    return element && { kind: 'Set', element };
  }
  if (isSameScalar(one, other)) return one;
  if (isNumber(one) && isNumber(other)) return { kind: 'Long' };
  if (one.kind === 'String' && isText(other)) return other;
  return other.kind === 'String' && isText(one) ? one : undefined;
}

// Only what both have is sure to be there.
function uniteRecords(one: CedarRecordType, other: CedarRecordType): CedarRecordType {
  return mergeRecords(one, other, (name) => {
    const [here, there] = [own(one.attributes, name), own(other.attributes, name)];
    const why = own(one.opaque, name) ?? own(other.opaque, name);
    if (why !== undefined) return { why };
    if (here === undefined || there === undefined) return optional(here ?? there);
    const type = uniteTypes(here.type, there.type);
    if (type === undefined) return { why: `mixes ${nameType(here.type)} with ${nameType(there.type)}` };
    return { type, required: here.required && there.required };
  });
}

function intersectRecords(one: CedarRecordType, other: CedarRecordType): CedarRecordType {
  return mergeRecords(one, other, (name) => {
    const [here, there] = [own(one.attributes, name), own(other.attributes, name)];
    if (here === undefined || there === undefined) return here ?? there;
    const type = intersectTypes(here.type, there.type);
    if (type === undefined) return { why: 'has contradictory types' };
    return { type, required: here.required || there.required };
  });
}

function optional(attribute: CedarAttributeType | undefined): CedarAttributeType | undefined {
  return attribute && { type: attribute.type, required: false };
}

// A name for which `merge` has no answer is opaque in one of both, for the reason given there.
function mergeRecords(
  one: CedarRecordType,
  other: CedarRecordType,
  merge: (name: string) => CedarAttributeType | { readonly why: string } | undefined,
): CedarRecordType {
  const builder = new RecordBuilder();
  const names = [one.attributes, one.opaque, other.attributes, other.opaque].flatMap(Object.keys);
  for (const name of [...new Set(names)].sort()) {
    const merged = merge(name) ?? { why: own(one.opaque, name) ?? own(other.opaque, name) ?? '' };
    if ('why' in merged) builder.hide(name, merged.why);
    else builder.declare(name, merged);
  }
  return builder.build(one.extensible || other.extensible);
}

function own<T>(map: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

function isSameScalar(one: CedarType, other: CedarType): boolean {
  if (one.kind === 'Extension') return other.kind === 'Extension' && one.name === other.name;
  return one.kind === other.kind && one.kind !== 'Set' && one.kind !== 'Record';
}

function isNumber(type: CedarType): boolean {
  return type.kind === 'Long' || (type.kind === 'Extension' && type.name === 'decimal');
}

function isText(type: CedarType): boolean {
  return type.kind === 'String' || (type.kind === 'Extension' && type.name !== 'decimal');
}

function nameType(type: CedarType): string {
  if (type.kind === 'Extension') return type.name;
  return type.kind;
}
