import { describe, expect, it } from '@jest/globals';
import { Unrepresentable } from '../cedar/index.ts';
import type { JsonObject } from '../json/index.ts';
import { parseStrictJson } from '../json/index.ts';
import { inputType } from './inputType.ts';
import type { MappedArguments } from './mapArguments.ts';
import { mapArguments } from './mapArguments.ts';
import { schemaPlace } from './schemaPlace.ts';

function object(text: string): JsonObject {
  return parseStrictJson(text) as JsonObject;
}

function map(properties: string, args: string, { open = false, required = '[]' } = {}): MappedArguments {
  const schema = object(`{"type": "object", "properties": ${properties}, "required": ${required}}`);
  return mapArguments(inputType(schema).type, object(args), { open, place: schemaPlace(schema) });
}

// The value of the one argument `x` of this schema.
function mapX(schema: string, value: string): unknown {
  const mapped = map(`{"x": ${schema}}`, `{"x": ${value}}`);
  if (mapped.kind === 'refused') throw new Error(mapped.message);
  return mapped.input['x'];
}

describe('values', () => {
  it.each<[string, string, unknown]>([
    ['{"type": "string"}', '"text"', 'text'],
    ['{"type": "boolean"}', 'true', true],
    ['{"type": "integer"}', '5', 5],
    ['{"type": "integer"}', '5.0', 5],
    ['{"type": "integer"}', '9007199254740993', 9007199254740993n],
    ['{"type": "integer"}', '-9223372036854775808', -(2n ** 63n)],
    ['{"type": "number"}', '0.25', { __extn: { fn: 'decimal', arg: '0.25' } }],
    ['{"type": "number"}', '3', { __extn: { fn: 'decimal', arg: '3.0' } }],
    [
      '{"type": "string", "format": "date"}',
      '"2024-01-02"',
      { __extn: { fn: 'datetime', arg: '2024-01-02' } },
    ],
    ['{"type": "string", "format": "duration"}', '"PT1M"', { __extn: { fn: 'duration', arg: '60000ms' } }],
    ['{"type": "string", "format": "ipv4"}', '"1.2.3.4"', { __extn: { fn: 'ip', arg: '1.2.3.4' } }],
    ['{"type": "array", "items": {"type": "integer"}}', '[1, 2, 1]', [1, 2, 1]],
    ['{"type": "array", "items": {"type": "integer"}}', '[]', []],
    ['{"properties": {"a": {"type": "string"}}}', '{"a": "b"}', { a: 'b' }],
  ])('of %s: %s', (schema, value, expected) => {
    expect(mapX(schema, value)).toEqual(expected);
  });

  it.each<[string, string, RegExp]>([
    ['{"type": "string"}', 'null', /^it is null, where its schema declares a text$/],
    ['{"type": "string"}', '5', /a number, where .* a text/],
    ['{"type": "boolean"}', '"true"', /a text, where .* true or false/],
    ['{"type": "integer"}', '1.5', /a number, where .* an integer of 64 bits/],
    ['{"type": "integer"}', '"5"', /a text, where .* an integer/],
    ['{"type": "number"}', '0.12345', /fraction digits/],
    ['{"type": "number"}', '9223372036854775807', /range of decimal/],
    ['{"type": "string", "format": "date-time"}', '"soon"', /RFC 3339/],
    ['{"type": "string", "format": "date-time"}', 'true', /true or false, where/],
    ['{"type": "array", "items": {"type": "integer"}}', '{"a": 1}', /an object, where .* an array/],
    ['{"properties": {"a": {"type": "string"}}}', '["a"]', /an array, where .* an object/],
    ['{"anyOf": [{"type": "string"}, {"type": "integer"}]}', '"text"', /its schema mixes String with Long/],
    ['{"type": "object"}', '{"any": {"thing": [1.5, null]}}', /without declared properties/],
  ])('that do not fit harm only who reads them: %s, %s', (schema, value, reason) => {
    const mapped = mapX(schema, value);
    expect(mapped).toBeInstanceOf(Unrepresentable);
    expect((mapped as Unrepresentable).reason).toMatch(reason);
  });

  it('that do not fit leave their neighbours as they are', () => {
    const items = '{"properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}';
    expect(mapX(`{"type": "array", "items": ${items}}`, '[{"a": null, "b": 1}, 5]')).toEqual([
      { a: expect.any(Unrepresentable), b: 1 },
      expect.any(Unrepresentable),
    ]);
  });

  it('are never shown in reasons', () => {
    expect((mapX('{"type": "integer"}', '"a secret"') as Unrepresentable).reason).not.toContain('secret');
  });
});

describe('keys', () => {
  const properties = `{
    "amount": {"type": "integer"},
    "nested": {"properties": {"to": {"type": "string"}}},
    "list": {"items": {"properties": {"key": {"type": "string"}}}},
    "free": {}
  }`;

  it.each([
    ['undeclared', '{"amuont": 1}', 'undeclared_argument', '/amuont'],
    ['undeclared in a record', '{"nested": {"from": "a"}}', 'undeclared_argument', '/nested/from'],
    [
      'undeclared in an element',
      '{"list": [{"key": "a"}, {"a/b": ""}]}',
      'undeclared_argument',
      '/list/1/a~1b',
    ],
    ['undeclared, named as a prototype is', '{"__proto__": 1}', 'undeclared_argument', '/__proto__'],
    ['undeclared, named as a method is', '{"constructor": 1}', 'undeclared_argument', '/constructor'],
    ['folded', '{"AMOUNT": 1}', 'folded_key', '/AMOUNT'],
    ['folded beside the declared one', '{"amount": 1, "Amount": 2}', 'folded_key', '/Amount'],
    ['folded in a record', '{"nested": {"TO": "a"}}', 'folded_key', '/nested/TO'],
    ['folded to one that policies cannot read', '{"Free": 1}', 'folded_key', '/Free'],
    ['folded by the Kelvin sign', '{"list": [{"\u212aey": "a"}]}', 'folded_key', '/list/0/\u212aey'],
    ['folded by the long s', '{"li\u017ft": []}', 'folded_key', '/li\u017ft'],
    ['reserved', '{"__entity": {"type": "Group", "id": "admins"}}', 'reserved_key', '/__entity'],
    ['reserved in a record', '{"nested": {"__extn": {}}}', 'reserved_key', '/nested/__extn'],
    [
      'reserved in a value that does not fit',
      '{"amount": {"__entity": 1}}',
      'reserved_key',
      '/amount/__entity',
    ],
    ['reserved in a value of no type', '{"free": [1, [{"__expr": ""}]]}', 'reserved_key', '/free/1/0/__expr'],
  ])('are refused when %s', (_, args, code, pointer) => {
    expect(map(properties, args)).toMatchObject({ kind: 'refused', code, pointer });
  });

  it.each([
    ['the argument', '{}', '/amount'],
    ['an argument inside', '{"amount": 1, "nested": {}}', '/nested/to'],
  ])('are refused when %s is missing', (_, args, pointer) => {
    const nested = '{"properties": {"to": {"type": "string"}}, "required": ["to"]}';
    const mapped = map(`{"amount": {"type": "integer"}, "nested": ${nested}}`, args, {
      required: '["amount"]',
    });
    expect(mapped).toMatchObject({ kind: 'refused', code: 'missing_argument', pointer });
  });

  it('may be left out when they are optional', () => {
    expect(map(properties, '{}')).toEqual({ kind: 'mapped', input: {} });
  });

  it('pass an open tool undeclared, where no policy can read them', () => {
    const mapped = map(properties, '{"amount": 1, "other": {"deep": [null]}, "nested": {"more": 1}}', {
      open: true,
    });
    expect(mapped).toEqual({
      kind: 'mapped',
      input: { amount: 1, other: expect.any(Unrepresentable), nested: { more: expect.any(Unrepresentable) } },
    });
  });

  it.each([
    ['{"Amount": 1}', 'folded_key'],
    ['{"other": {"__entity": {}}}', 'reserved_key'],
  ])('are refused by an open tool too: %s', (args, code) => {
    expect(map(properties, args, { open: true })).toMatchObject({ kind: 'refused', code });
  });

  it('are refused unread where their names are so long that normalizing them would take minutes', () => {
    const key = `a${'\u0301\u0316'.repeat(100_000)}`;
    const begin = performance.now();
    for (const open of [false, true]) {
      expect(map(properties, JSON.stringify({ [key]: 1 }), { open })).toMatchObject({
        kind: 'refused',
        code: 'undeclared_argument',
      });
    }
    expect(performance.now() - begin).toBeLessThan(1_000);
  });

  it('are refused in document order', () => {
    expect(map(properties, '{"first": 1, "AMOUNT": 1}')).toMatchObject({ pointer: '/first' });
    expect(map(properties, '{"AMOUNT": 1, "first": 1}')).toMatchObject({ pointer: '/AMOUNT' });
  });

  it('named as a prototype is are arguments like any other', () => {
    const mapped = map('{"__proto__": {"type": "string"}}', '{"__proto__": "a"}');
    if (mapped.kind === 'refused') throw new Error(mapped.message);
    expect(Object.getPrototypeOf(mapped.input)).toBeNull();
    expect(Object.entries(mapped.input)).toEqual([['__proto__', 'a']]);
  });

  it('are quoted in messages without the characters that terminals obey', () => {
    expect(map(properties, '{"a\\u001b[31m\\u202e": 1}')).toMatchObject({
      message: 'the tool declares no argument "a\\u001b[31m\\u202e"',
    });
  });
});

describe('keys in values that Cedar has no type for', () => {
  const where = '{"type": "object", "properties": {"where": {"enum": ["a"]}}}';
  const anyOf = `{"anyOf": [{"type": "string"}, ${where}]}`;

  it.each<[string, string, string, string]>([
    ['undeclared in an alternative', anyOf, '{"x": {"anything": 1}}', 'undeclared_argument'],
    ['folded in an alternative', anyOf, '{"x": {"WHERE": "b"}}', 'folded_key'],
    ['folded beside others', anyOf, '{"x": {"where": "a", "Where": "b"}}', 'folded_key'],
    [
      'undeclared in oneOf',
      `{"oneOf": [{"type": "string"}, ${where}]}`,
      '{"x": {"y": 1}}',
      'undeclared_argument',
    ],
    [
      'undeclared in parts that all hold',
      `{"type": ["string", "object"], "allOf": [${where}, {"type": ["string", "object"]}]}`,
      '{"x": {"y": 1}}',
      'undeclared_argument',
    ],
    [
      'undeclared under a condition',
      `{"type": ["string", "object"], "if": {"type": "object"}, "then": ${where}}`,
      '{"x": {"y": 1}}',
      'undeclared_argument',
    ],
    [
      'undeclared in elements',
      `{"type": "array", "items": ${anyOf}}`,
      '{"x": ["a", {"y": 1}]}',
      'undeclared_argument',
    ],
    [
      'undeclared in places',
      `{"prefixItems": [{}, ${anyOf}]}`,
      '{"x": [{"y": 1}, {"y": 1}]}',
      'undeclared_argument',
    ],
    [
      'undeclared further down',
      `{"anyOf": [{"type": "string"}, {"properties": {"deep": ${anyOf}}}]}`,
      '{"x": {"deep": {"y": 1}}}',
      'undeclared_argument',
    ],
    [
      'undeclared where no others are welcome',
      '{"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": false}]}',
      '{"x": {"y": 1}}',
      'undeclared_argument',
    ],
    [
      'folded where others are welcome',
      '{"anyOf": [{"type": "string"}, {"properties": {"where": {}}, "additionalProperties": true}]}',
      '{"x": {"WHERE": 1}}',
      'folded_key',
    ],
  ])('are refused when %s', (_, schema, args, code) => {
    expect(map(`{"x": ${schema}}`, args)).toMatchObject({ kind: 'refused', code });
  });

  it('are refused behind references, and where a schema leads back into itself', () => {
    const schema = object(`{
      "type": "object", "properties": {"x": {"$ref": "#/$defs/node"}},
      "$defs": {"node": {"anyOf": [{"type": "string"}, {"properties": {"down": {"$ref": "#/$defs/node"}}}]}}
    }`);
    const given = (args: string): MappedArguments =>
      mapArguments(inputType(schema).type, object(args), { open: false, place: schemaPlace(schema) });
    expect(given('{"x": {"down": {"down": {"down": "a"}}}}').kind).toBe('mapped');
    expect(given('{"x": {"down": {"down": {"Down": "a"}}}}')).toMatchObject({
      code: 'folded_key',
      pointer: '/x/down/down/Down',
    });
  });

  it.each([
    [anyOf, '{"where": "a"}'],
    ['{}', '{"any": {"thing": 1}}'],
    ['{"type": "object"}', '{"any": {"thing": 1}}'],
    ['{"type": "object", "additionalProperties": {"type": "string"}}', '{"any": "thing"}'],
    [`{"anyOf": [${where}, {"type": "object"}]}`, '{"other": 1}'],
    [`{"anyOf": [${where}, {"type": "object", "properties": {"there": {}}}]}`, '{"where": "a", "there": 1}'],
    ['{"anyOf": [{"type": "string"}, {"properties": {"a": {}}, "additionalProperties": true}]}', '{"b": 1}'],
    ['{"anyOf": [{"type": "string"}, {"properties": {"a": {"type": "object"}}}]}', '{"a": {"b": 1}}'],
    [
      '{"anyOf": [{"type": "string"}, {"properties": {"a": {}}, "patternProperties": {"^b": {}}}]}',
      '{"b": 1}',
    ],
  ])('may be all that the schema takes: %s, %s', (schema, value) => {
    expect(map(`{"x": ${schema}}`, `{"x": ${value}}`).kind).toBe('mapped');
  });

  it('may be others for a tool that is open, but none that fold', () => {
    expect(map(`{"x": ${anyOf}}`, '{"x": {"y": 1}}', { open: true }).kind).toBe('mapped');
    expect(map(`{"x": ${anyOf}}`, '{"x": {"WHERE": 1}}', { open: true })).toMatchObject({
      code: 'folded_key',
    });
  });
});
