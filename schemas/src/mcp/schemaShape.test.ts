// The reach of a schema: references, recursion and the limits. The rules for types are in inputType.test.ts.

import { describe, expect, it } from '@jest/globals';
import { showType } from '../cedar/index.ts';
import type { JsonValue } from '../json/index.ts';
import { parseStrictJson } from '../json/index.ts';
import { inputType } from './inputType.ts';
import {
  alternativesMax,
  propertiesMax,
  schemaNestingMax,
  schemaNodesMax,
  typeDepthMax,
} from './schemaShape.ts';

function json(value: unknown): JsonValue {
  return parseStrictJson(JSON.stringify(value), { depthMax: 500 });
}

const record = (properties: object, required: string[] = []): object => ({
  type: 'object',
  properties,
  required,
});

// The notes of a schema with one argument `x`.
function notesOf(x: unknown, rest: object = {}): unknown {
  return inputType(json({ type: 'object', properties: { x }, ...rest })).notes;
}

describe('references', () => {
  it.each([
    ['#/$defs/name', { $defs: { name: { type: 'string' } } }],
    ['#/definitions/name', { definitions: { name: { type: 'string' } } }],
    ['#/$defs/a~1b%20c', { $defs: { 'a/b c': { type: 'string' } } }],
    [
      '#/properties/y/items',
      {
        properties: { y: { type: 'array', items: { type: 'string' } }, x: { $ref: '#/properties/y/items' } },
      },
    ],
    ['#/$defs/list/0', { $defs: { list: [{ type: 'string' }] } }],
  ])('resolve %s', ($ref, rest) => {
    const schema = { type: 'object', properties: { x: { $ref } }, ...rest };
    expect(inputType(json(schema)).type.attributes['x']).toEqual({
      type: { kind: 'String' },
      required: false,
    });
  });

  it('may be used twice side by side', () => {
    const $ref = '#/$defs/name';
    const { notes } = inputType(
      json({ properties: { a: { $ref }, b: { $ref } }, $defs: { name: { type: 'string' } } }),
    );
    expect(notes).toEqual([]);
  });

  it('join their siblings', () => {
    const x = { $ref: '#/$defs/base', properties: { b: { type: 'string' } } };
    const base = record({ a: { type: 'string' } }, ['a']);
    const { type } = inputType(json({ properties: { x }, $defs: { base } }));
    expect(showType(type)).toBe('{\n  "x"?: {\n    "a": String,\n    "b"?: String,\n  },\n}');
  });

  it('are cut where they recur', () => {
    const tree = record({
      value: { type: 'integer' },
      children: { type: 'array', items: { $ref: '#/$defs/tree' } },
    });
    expect(notesOf({ $ref: '#/$defs/tree' }, { $defs: { tree } })).toEqual([
      { pointer: '/x/children', message: 'is an array of which each element contains itself' },
    ]);
  });
});

describe('limits', () => {
  it('cut what lies too deep', () => {
    let schema: unknown = { type: 'string' };
    for (let depth = 0; depth < typeDepthMax; depth++) schema = record({ a: schema });
    const deepest = '/a'.repeat(typeDepthMax - 1);
    expect(inputType(json(schema)).notes).toEqual([]);
    expect(inputType(json(record({ a: schema }))).notes).toEqual([
      { pointer: `${deepest}/a`, message: `lies deeper than ${typeDepthMax} levels` },
    ]);
  });

  it('cut what nests without types', () => {
    let schema: unknown = { type: 'string' };
    for (let nesting = 0; nesting < schemaNestingMax; nesting++) schema = { allOf: [schema] };
    expect(notesOf(schema)).toEqual([
      { pointer: '/x', message: `nests schemas deeper than ${schemaNestingMax}` },
    ]);
  });

  it('cut references that multiply', () => {
    const level = (next: string): object =>
      record(
        Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`p${at}`, { $ref: `#/$defs/${next}` }])),
      );
    const $defs = { a: level('b'), b: level('c'), c: level('d'), d: level('e'), e: { type: 'string' } };
    const { notes } = inputType(json({ properties: { x: { $ref: '#/$defs/a' } }, $defs }));
    expect(notes.at(-1)?.message).toBe(`lies beyond the limit of ${schemaNodesMax} schemas`);
  });

  it('cut objects and alternatives without number', () => {
    const many = Object.fromEntries(
      Array.from({ length: propertiesMax + 1 }, (_, at) => [`p${at}`, { type: 'string' }]),
    );
    expect(notesOf(record(many))).toEqual([
      { pointer: '/x', message: `has more than ${propertiesMax} properties` },
    ]);
    const anyOf = Array.from({ length: alternativesMax + 1 }, () => ({ type: 'string' }));
    expect(notesOf({ anyOf })).toEqual([
      { pointer: '/x', message: `has more than ${alternativesMax} alternatives` },
    ]);
    expect(notesOf({ type: anyOf.map(() => 'string') })).toEqual(notesOf({ anyOf }));
  });
});
