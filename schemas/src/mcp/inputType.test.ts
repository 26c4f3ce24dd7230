import { describe, expect, it } from '@jest/globals';
import { showType } from '../cedar/index.ts';
import { canonicalJson, parseStrictJson } from '../json/index.ts';
import type { JsonValue } from '../json/index.ts';
import { inputType } from './inputType.ts';
import { propertyNameCharactersMax } from './schemaShape.ts';

function json(value: unknown): JsonValue {
  return parseStrictJson(JSON.stringify(value));
}

// The schema of one argument `x`, as the text of its attribute or the note that stands in for it.
function show(schema: unknown, rest: object = {}): string {
  const { type, notes } = inputType(json({ type: 'object', properties: { x: schema }, ...rest }));
  const text = showType(type).replace(/\s+/g, ' ').replaceAll(', }', ' }');
  const shown = notes.map(({ pointer, message }) => `${pointer} ${message}`).join('; ');
  return text === '{}' ? shown : text.slice('{ '.length, -' }'.length) + (shown === '' ? '' : ` (${shown})`);
}

const record = (properties: object, required: string[] = []): object => ({
  type: 'object',
  properties,
  required,
});

describe('inputType', () => {
  it.each<[unknown, string]>([
    [{ type: 'string' }, '"x"?: String'],
    [{ type: 'integer' }, '"x"?: Long'],
    [{ type: 'number' }, '"x"?: decimal'],
    [{ type: 'boolean' }, '"x"?: Bool'],
    [{ type: 'string', format: 'date-time' }, '"x"?: datetime'],
    [{ type: 'string', format: 'date' }, '"x"?: datetime'],
    [{ type: 'string', format: 'duration' }, '"x"?: duration'],
    [{ type: 'string', format: 'ipv4' }, '"x"?: ipaddr'],
    [{ type: 'string', format: 'ipv6' }, '"x"?: ipaddr'],
    [{ type: 'string', format: 'ip' }, '"x"?: ipaddr'],
    [{ type: 'string', format: 'uuid' }, '"x"?: String'],
    [{ type: 'string', format: 'constructor' }, '"x"?: String'],
    [{ type: 'integer', format: 'date' }, '"x"?: Long'],
    [{ type: 'array', items: { type: 'integer' } }, '"x"?: Set<Long>'],
    [{ type: 'array', items: { type: ['integer', 'null'] } }, '"x"?: Set<Long>'],
    [record({ a: { type: 'string' } }, ['a']), '"x"?: { "a": String }'],
    [{ type: 'object', properties: {}, additionalProperties: false }, '"x"?: {}'],
  ])('types %j as %s', (schema, text) => {
    expect(show(schema)).toBe(text);
  });

  it.each<[unknown, string]>([
    [{ properties: { a: { type: 'string' } } }, '"x"?: { "a"?: String }'],
    [{ items: { type: 'string' } }, '"x"?: Set<String>'],
    [{ format: 'date-time' }, '"x"?: datetime'],
    [{ enum: ['a', 'b'] }, '"x"?: String'],
    [{ const: 5 }, '"x"?: Long'],
    [{ enum: [1, 2.5] }, '"x"?: decimal'],
    [{ enum: [true] }, '"x"?: Bool'],
    [{ enum: ['a', null] }, '"x"?: String'],
    [{ type: ['string', 'number'], enum: ['a'] }, '"x"?: String'],
    [{ type: 'number', enum: [1, 2] }, '"x"?: decimal'],
  ])('infers from %j: %s', (schema, text) => {
    expect(show(schema)).toBe(text);
  });

  it.each<[unknown, string]>([
    [{ type: ['string', 'null'] }, '"x"?: String'],
    [{ anyOf: [{ type: 'integer' }, { type: 'null' }] }, '"x"?: Long'],
    [{ oneOf: [{ type: 'string' }, { type: 'null' }] }, '"x"?: String'],
    [{ type: 'string', nullable: true }, '"x"?: String'],
    [{ type: 'string', default: 'a' }, '"x"?: String'],
    [{ type: 'string' }, '"x": String'],
  ])('requires the required, unless %j may be null or has a default: %s', (schema, text) => {
    expect(show(schema, { required: ['x'] })).toBe(text);
  });

  it.each<[unknown, string]>([
    [{ anyOf: [{ type: 'string' }, { type: 'string', enum: ['a'] }] }, '"x"?: String'],
    [{ anyOf: [{ type: 'string', format: 'date' }, { type: 'string' }] }, '"x"?: String'],
    [
      {
        anyOf: [
          { type: 'string', format: 'date' },
          { type: 'string', format: 'date-time' },
        ],
      },
      '"x"?: datetime',
    ],
    [{ type: ['integer', 'number'] }, '"x"?: decimal'],
    [
      {
        oneOf: [
          record({ a: { type: 'string' }, k: { const: 1 } }, ['a', 'k']),
          record({ k: { const: 2 } }, ['k']),
        ],
      },
      '"x"?: { "a"?: String, "k": Long }',
    ],
    [
      {
        anyOf: [
          record({ a: { type: 'string' } }),
          record({ a: { type: 'boolean' }, b: { type: 'boolean' } }),
        ],
      },
      '"x"?: { "b"?: Bool } (/x/a mixes String with Boolean)',
    ],
    [
      {
        anyOf: [
          { type: 'array', items: { type: 'integer' } },
          { type: 'array', items: { type: 'number' } },
        ],
      },
      '"x"?: Set<decimal>',
    ],
    [
      {
        type: 'object',
        properties: { a: { type: 'string' } },
        anyOf: [{ required: ['a'] }, { required: ['b'] }],
      },
      '"x"?: { "a"?: String }',
    ],
    [{ anyOf: [{ type: 'string' }, false] }, '"x"?: String'],
  ])('unites the alternatives of %j: %s', (schema, text) => {
    expect(show(schema)).toBe(text);
  });

  it.each<[unknown, string]>([
    [
      { allOf: [record({ a: { type: 'string' } }, ['a']), record({ b: { type: 'integer' } })] },
      '"x"?: { "a": String, "b"?: Long }',
    ],
    [
      {
        type: 'object',
        allOf: [record({ a: { type: 'number' } }), record({ a: { type: 'integer' } }, ['a'])],
      },
      '"x"?: { "a": Long } (/x takes keys beyond those declared)',
    ],
    [{ type: 'string', allOf: [{ format: 'date' }] }, '"x"?: datetime'],
    [
      {
        type: 'object',
        properties: { a: { type: 'string' } },
        anyOf: [{ type: 'string' }, { type: 'boolean' }],
      },
      '"x"?: { "a"?: String } (/x takes keys beyond those declared)',
    ],
    [{ allOf: [{ type: ['string', 'null'] }, { minLength: 1 }] }, '"x"?: String'],
    [{ allOf: [{ type: 'array' }, { items: { type: 'string' } }] }, '"x"?: Set<String>'],
    [{ allOf: [{ type: 'string' }, { type: 'integer' }] }, '/x has contradictory types'],
    [
      { allOf: [record({ a: { type: 'string' } }), record({ a: { type: 'integer' } })] },
      '"x"?: {} (/x/a has contradictory types)',
    ],
  ])('merges the conjuncts of %j: %s', (schema, text) => {
    expect(show(schema)).toBe(text);
  });

  it.each<[unknown, string]>([
    [{}, 'takes values of any type'],
    [true, 'takes values of any type'],
    [{ description: 'a value' }, 'takes values of any type'],
    [false, 'has contradictory types'],
    [5, 'has a schema that is none'],
    [{ type: 'null' }, 'takes nothing but null'],
    [{ type: 'any' }, 'has a type that JSON Schema does not know'],
    [{ type: 'constructor' }, 'has a type that JSON Schema does not know'],
    [{ type: 5 }, 'has a type that JSON Schema does not know'],
    [{ type: 'object' }, 'is an object without declared properties'],
    [
      { type: 'object', additionalProperties: { type: 'string' } },
      'is an object without declared properties',
    ],
    [{ type: ['object', 'null'] }, 'is an object without declared properties'],
    [{ type: 'array' }, 'is an array of which each element takes values of any type'],
    [{ type: 'array', items: [{ type: 'string' }] }, 'is an array with a type for each position'],
    [{ type: 'array', prefixItems: [{ type: 'string' }] }, 'is an array with a type for each position'],
    [{ type: ['string', 'integer'] }, 'mixes String with Long'],
    [{ anyOf: [{ type: 'string' }, record({ a: {} })] }, 'mixes String with Record'],
    [{ enum: ['a', 1] }, 'mixes String with Long'],
    [{ enum: [{ a: 1 }] }, 'takes one of several objects or arrays'],
    [{ const: null }, 'takes nothing but null'],
    [{ $ref: 'https://example.com/schema' }, 'refers to a schema that is not in this document'],
    [{ $ref: '#/nowhere' }, 'refers to a schema that is not in this document'],
    [{ $ref: '#anchor' }, 'refers to a schema that is not in this document'],
    [{ $ref: '#/%' }, 'refers to a schema that is not in this document'],
    [{ $ref: '#/__proto__' }, 'refers to a schema that is not in this document'],
    [{ $ref: 5 }, 'has a $ref that is none'],
    [{ $ref: '#' }, 'contains itself'],
    [{ $ref: '#/properties/x' }, 'contains itself'],
  ])('names what it cannot express: %j %s', (schema, message) => {
    expect(show(schema)).toBe(`/x ${message}`);
  });
});

describe('names of arguments', () => {
  it.each(['hyphen-ated', 'with space', '', 'a"b', '__proto__', 'constructor', 'if', '\u{1f600}'])(
    'may be %j',
    (name) => {
      const schema = json(
        Object.fromEntries([['properties', Object.fromEntries([[name, { type: 'string' }]])]]),
      );
      expect(Object.keys(inputType(schema).type.attributes)).toEqual([name]);
    },
  );

  it.each(['__entity', '__extn', '__expr'])('may not be %s, which Cedar takes for something else', (name) => {
    const { type, notes } = inputType(json({ properties: { [name]: { type: 'string' } } }));
    expect(type.attributes).toEqual({});
    expect(notes).toEqual([{ pointer: `/${name}`, message: 'has a name that Cedar reserves' }]);
  });

  it('are opaque where they are required, but not described', () => {
    const { type, notes } = inputType(json({ properties: { a: { type: 'string' } }, required: ['a', 'b'] }));
    expect(Object.keys(type.attributes)).toEqual(['a']);
    expect(notes).toEqual([{ pointer: '/b', message: 'is required, but not described' }]);
  });

  it('are opaque where they are overlong or no Unicode', () => {
    const long = 'a'.repeat(propertyNameCharactersMax + 1);
    const { type } = inputType({ properties: { [long]: { type: 'string' }, '\ud800': { type: 'string' } } });
    expect(type.attributes).toEqual({});
    expect(Object.keys(type.opaque)).toEqual([long, '\ud800']);
  });
});

describe('the arguments as a whole', () => {
  it.each<[unknown, string | undefined]>([
    [{ type: 'object' }, undefined],
    [{ type: 'object', properties: {} }, undefined],
    [{ type: 'object', additionalProperties: false }, undefined],
    [{ type: 'object', additionalProperties: true }, 'takes keys beyond those declared'],
    [{ type: 'object', properties: {}, patternProperties: { '^x': {} } }, 'takes keys beyond those declared'],
    [{}, 'takes values of any type'],
    [{ type: 'string' }, 'is not an object'],
    [{ type: 'array' }, 'is an array of which each element takes values of any type'],
    [null, 'has a schema that is none'],
    [[], 'has a schema that is none'],
  ])('are an empty record for %j', (schema, message) => {
    const { type, notes } = inputType(json(schema));
    expect(type).toMatchObject({ kind: 'Record', attributes: {}, opaque: {} });
    expect(notes).toEqual(message === undefined ? [] : [{ pointer: '', message }]);
  });

  it('may be alternatives', () => {
    const schema = {
      type: 'object',
      anyOf: [record({ a: { type: 'string' } }, ['a']), record({ b: { type: 'string' } })],
    };
    expect(showType(inputType(json(schema)).type)).toBe('{\n  "a"?: String,\n  "b"?: String,\n}');
  });

  it('name elements of arrays by a star in notes', () => {
    const { notes } = inputType(
      json({ properties: { 'a/b': { items: record({ c: {}, d: { type: 'string' } }) } } }),
    );
    expect(notes).toEqual([{ pointer: '/a~1b/*/c', message: 'takes values of any type' }]);
  });
});

describe('determinism', () => {
  it('does not depend on the order of keys', () => {
    const one = { properties: { b: { type: 'string' }, a: {} }, required: ['b'], type: 'object' };
    const other = { type: 'object', required: ['b'], properties: { a: {}, b: { type: 'string' } } };
    const written = [one, other].map((schema) =>
      canonicalJson(inputType(json(schema)) as unknown as JsonValue),
    );
    expect(written[0]).toBe(written[1]);
    expect(JSON.stringify(inputType(json(one)))).toBe(JSON.stringify(inputType(json(other))));
  });
});
