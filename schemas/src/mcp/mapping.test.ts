// Properties over random schemas and arguments: the mapper is total, deterministic, and keeps its word on types.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CedarRecordType, CedarType, CedarValue } from '../cedar/index.ts';
import { isCedarRecord, isExtensionValue, Unrepresentable } from '../cedar/index.ts';
import type { JsonObject, JsonValue } from '../json/index.ts';
import { canonicalJson, parseStrictJson } from '../json/index.ts';
import { inputType } from './inputType.ts';
import { mapArguments } from './mapArguments.ts';

const names = ['a', 'b', 'A', 'a-b', '', '__proto__', 'constructor', 'toString', '__entity', '\u212a', '0'];
const name = fc.constantFrom(...names);
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('2024-01-02', '2024-01-02T03:04:05.6Z', 'P1DT2H', '10.0.0.1', '::1'),
);
// The strict reader takes integers of 64 bits only.
const double = fc.double({ noNaN: true, min: -1e15, max: 1e15 });
const scalar = fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), double, text);
const anyJson = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  ),
})).value;

const type = fc.constantFrom('string', 'integer', 'number', 'boolean', 'null', 'array', 'object', 'other');
const randomSchema = fc.letrec<{ schema: unknown }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.record({ type }),
    fc.boolean(),
    anyJson,
    fc.record(
      {
        type: fc.oneof(type, fc.array(type, { maxLength: 3 })),
        format: fc.constantFrom('date-time', 'date', 'duration', 'ipv4', 'ip', 'uuid'),
        properties: fc.dictionary(name, tie('schema'), { maxKeys: 4 }),
        required: fc.array(name, { maxLength: 3 }),
        additionalProperties: tie('schema'),
        items: tie('schema'),
        enum: fc.array(scalar, { maxLength: 3 }),
        const: anyJson,
        $ref: fc.constantFrom('#', '#/properties/a', '#/$defs/a', '#/items', '#/%', 'other'),
        $defs: fc.dictionary(name, tie('schema'), { maxKeys: 2 }),
        anyOf: fc.array(tie('schema'), { maxLength: 3 }),
        oneOf: fc.array(tie('schema'), { maxLength: 3 }),
        allOf: fc.array(tie('schema'), { maxLength: 3 }),
        default: scalar,
      },
      { requiredKeys: [] },
    ),
  ),
})).schema;

// As the strict reader would hand it over: no prototypes, no negative zero.
function read(value: unknown): JsonValue {
  return parseStrictJson(JSON.stringify(value), { depthMax: 200 });
}

// Mostly arguments of the type, sometimes others.
function argumentOf(cedarType: CedarType): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: fittingOf(cedarType) }, { weight: 1, arbitrary: anyJson });
}

function fittingOf(cedarType: CedarType): fc.Arbitrary<unknown> {
  switch (cedarType.kind) {
    case 'String':
      return text;
    case 'Long':
      return fc.integer();
    case 'Boolean':
      return fc.boolean();
    case 'Extension':
      return cedarType.name === 'decimal' ? fc.oneof(fc.integer(), double) : text;
    case 'Set':
      return fc.array(argumentOf(cedarType.element), { maxLength: 3 });
    case 'Record':
      return recordOf(cedarType);
  }
}

function recordOf(cedarType: CedarRecordType): fc.Arbitrary<unknown> {
  const members = Object.entries(cedarType.attributes).map(([key, attribute]) => ({
    key,
    arbitrary: argumentOf(attribute.type),
  }));
  const others = Object.keys(cedarType.opaque).map((key) => ({ key, arbitrary: anyJson }));
  const entries = [...members, ...others].map(({ key, arbitrary }) =>
    fc.option(fc.tuple(fc.constant(key), arbitrary), { freq: 6 }),
  );
  const stray = fc.option(fc.tuple(name, anyJson), { freq: 1 });
  return fc
    .tuple(...entries, stray)
    .map((pairs) => Object.fromEntries(pairs.filter((pair) => pair !== null)));
}

function fits(cedarType: CedarType, value: CedarValue): boolean {
  if (value instanceof Unrepresentable) return true;
  switch (cedarType.kind) {
    case 'String':
      return typeof value === 'string';
    case 'Long':
      return typeof value === 'bigint' || Number.isSafeInteger(value);
    case 'Boolean':
      return typeof value === 'boolean';
    case 'Extension':
      return (
        isExtensionValue(value) && value.__extn.fn === (cedarType.name === 'ipaddr' ? 'ip' : cedarType.name)
      );
    case 'Set':
      return Array.isArray(value) && value.every((element) => fits(cedarType.element, element as CedarValue));
    case 'Record':
      return isCedarRecord(value) && fitsRecord(cedarType, Object.entries(value));
  }
}

function fitsRecord(cedarType: CedarRecordType, entries: readonly [string, CedarValue][]): boolean {
  const present = new Map(entries);
  return (
    entries.every(([key, value]) => {
      const attribute = Object.hasOwn(cedarType.attributes, key) ? cedarType.attributes[key] : undefined;
      return attribute === undefined ? value instanceof Unrepresentable : fits(attribute.type, value);
    }) && Object.entries(cedarType.attributes).every(([key, { required }]) => !required || present.has(key))
  );
}

function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reverseKeys(member)]),
  );
}

describe('inputType', () => {
  it('takes any schema, and gives it the same type whatever the order of its keys', () => {
    fc.assert(
      fc.property(randomSchema, (schema) => {
        const written = [schema, schema, reverseKeys(schema)].map((each) =>
          canonicalJson(inputType(read(each)) as unknown as JsonValue),
        );
        expect(new Set(written).size).toBe(1);
      }),
      { numRuns: 1_000 },
    );
  });

  it('loses no property: each has a type or a reason', () => {
    fc.assert(
      fc.property(fc.dictionary(name, randomSchema), (properties) => {
        const { type: record, notes } = inputType(read({ type: 'object', properties }));
        expect([...Object.keys(record.attributes), ...Object.keys(record.opaque)].sort()).toEqual(
          Object.keys(properties).sort(),
        );
        expect(notes.length).toBeGreaterThanOrEqual(Object.keys(record.opaque).length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('mapArguments', () => {
  it('maps what it does not refuse to values of the type, key by key', () => {
    let mappedCount = 0;
    const example = fc
      .dictionary(name, randomSchema, { minKeys: 1 })
      .map((properties) => inputType(read({ type: 'object', properties })).type)
      .chain((cedarType) => fc.tuple(fc.constant(cedarType), recordOf(cedarType), fc.boolean()));
    fc.assert(
      fc.property(example, ([cedarType, drawn, open]) => {
        const args = read(drawn) as JsonObject;
        const mapped = mapArguments(cedarType, args, { open });
        if (mapped.kind === 'refused') return;
        mappedCount++;
        expect(fits(cedarType, mapped.input)).toBe(true);
        expect(Object.keys(mapped.input)).toEqual(Object.keys(args));
      }),
      { numRuns: 1_000 },
    );
    expect(mappedCount).toBeGreaterThan(100);
  });
});
