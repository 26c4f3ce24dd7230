import { describe, expect, it } from '@jest/globals';
import { parseStrictJson, type JsonObject } from '@cardea/schemas/json';
import fc from 'fast-check';
import { loopKeyword, prepareSchema, uncheckedKeyword } from './preparedSchema.ts';

const [loop, unchecked] = [loopKeyword, uncheckedKeyword];

const broken = (schema: object): unknown =>
  JSON.parse(JSON.stringify(prepareSchema(parseStrictJson(JSON.stringify(schema)) as JsonObject)));

describe('prepareSchema', () => {
  it.each<[string, object, object]>([
    ['a schema that leads nowhere', { properties: { x: { $ref: '#/$defs/a' } }, $defs: { a: {} } }, {}],
    [
      'two ways to one place',
      { allOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/a' }], $defs: { a: {} } },
      {},
    ],
    ['a property of that name', { properties: { $ref: { type: 'string' } } }, {}],
    [
      'a value that looks like one',
      { const: { $ref: '#' }, enum: [{ $ref: '#' }], default: { $ref: '#' } },
      {},
    ],
  ])('leaves %s as it is', (_, schema) => {
    expect(broken(schema)).toEqual(schema);
  });

  it.each<[string, object, object]>([
    ['to the root', { properties: { x: { $ref: '#' } } }, { properties: { x: { [loop]: '#' } } }],
    [
      'to what it stands in',
      { properties: { x: { items: { $ref: '#/properties/x', title: 't' } } } },
      { properties: { x: { items: { [loop]: '#/properties/x', title: 't' } } } },
    ],
    [
      'over two stations',
      { $ref: '#/$defs/a', $defs: { a: { not: { $ref: '#/$defs/b' } }, b: { not: { $ref: '#/$defs/a' } } } },
      {
        $ref: '#/$defs/a',
        $defs: { a: { not: { $ref: '#/$defs/b' } }, b: { not: { [loop]: '#/$defs/a' } } },
      },
    ],
    ['to itself', { $defs: { a: { $ref: '#/$defs/a' } } }, { $defs: { a: { [loop]: '#/$defs/a' } } }],
  ])('opens what leads back: %s', (_, schema, wanted) => {
    expect(broken(schema)).toEqual(wanted);
  });

  it.each<[string, object, object]>([
    ['a reference to nothing', { $ref: '#/$defs/none' }, { [unchecked]: 'refers to what is not in it' }],
    [
      'a reference elsewhere',
      { $ref: 'https://example.com/a' },
      { [unchecked]: 'refers to what is not in it' },
    ],
    [
      'a reference to an anchor',
      { $dynamicRef: '#a', type: 'object' },
      { type: 'object', [unchecked]: 'refers to what depends on where it is read' },
    ],
    [
      'a pattern of another engine',
      { pattern: '^(?!secret)', maxLength: 3 },
      { maxLength: 3, [unchecked]: 'has a pattern that cannot be matched in time' },
    ],
    [
      'a pattern of another engine for keys',
      { patternProperties: { '^(?!secret)': {}, '^a': {} } },
      { patternProperties: { '^a': {} }, [unchecked]: 'has a pattern that cannot be matched in time' },
    ],
    ['its own marks where a server sets them', { [loop]: '#', [unchecked]: 'x' }, {}],
  ])('marks what cannot be checked: %s', (_, property, wanted) => {
    expect(broken({ properties: { x: property } })).toEqual({ properties: { x: wanted } });
  });

  it('keeps the key __proto__', () => {
    const schema = parseStrictJson('{"properties":{"__proto__":{"type":"string"}}}') as JsonObject;
    expect(JSON.stringify(prepareSchema(schema))).toBe(JSON.stringify(schema));
  });

  it('leaves nothing that leads back, whatever leads where', () => {
    const names = ['a', 'b', 'c', 'd'] as const;
    const reference = fc.constantFrom(...names).map((name) => ({ $ref: `#/$defs/${name}` }));
    const definition = fc.array(reference, { maxLength: 3 }).map((anyOf) => ({ anyOf }));
    fc.assert(
      fc.property(fc.tuple(definition, definition, definition, definition), ([a, b, c, d]) => {
        const schema = broken({ $ref: '#/$defs/a', $defs: { a, b, c, d } }) as Schema;
        expect(names.every((name) => ends(schema, name, []))).toBe(true);
      }),
    );
  });
});

interface Schema {
  readonly $defs: Readonly<Record<string, { readonly anyOf: readonly { readonly $ref?: string }[] }>>;
}

function ends(schema: Schema, name: string, on: readonly string[]): boolean {
  if (on.includes(name)) return false;
  const targets = schema.$defs[name]?.anyOf.flatMap(({ $ref }) =>
    $ref === undefined ? [] : [$ref.slice(8)],
  );
  return (targets ?? []).every((target) => ends(schema, target, [...on, name]));
}
