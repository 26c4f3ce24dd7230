import { describe, expect, it } from '@jest/globals';
import { parseStrictJson, type JsonObject } from '@cardea/schemas/json';
import fc from 'fast-check';
import { breakCycles } from './schemaCycles.ts';

const broken = (schema: object): unknown =>
  JSON.parse(JSON.stringify(breakCycles(parseStrictJson(JSON.stringify(schema)) as JsonObject)));

describe('breakCycles', () => {
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
    ['to the root', { properties: { x: { $ref: '#' } } }, { properties: { x: {} } }],
    [
      'to what it stands in',
      { properties: { x: { items: { $ref: '#/properties/x', title: 't' } } } },
      { properties: { x: { items: { title: 't' } } } },
    ],
    [
      'over two stations',
      { $ref: '#/$defs/a', $defs: { a: { not: { $ref: '#/$defs/b' } }, b: { not: { $ref: '#/$defs/a' } } } },
      { $ref: '#/$defs/a', $defs: { a: { not: { $ref: '#/$defs/b' } }, b: { not: {} } } },
    ],
    ['to itself', { $defs: { a: { $ref: '#/$defs/a' } } }, { $defs: { a: {} } }],
    ['to nothing', { properties: { x: { $ref: '#/$defs/none' } } }, { properties: { x: {} } }],
    ['elsewhere', { properties: { x: { $ref: 'https://example.com/a' } } }, { properties: { x: {} } }],
    ['to an anchor', { $anchor: 'a', not: { $dynamicRef: '#a' } }, { $anchor: 'a', not: {} }],
  ])('cuts what leads back or away: %s', (_, schema, wanted) => {
    expect(broken(schema)).toEqual(wanted);
  });

  it('keeps the key __proto__', () => {
    const schema = parseStrictJson('{"properties":{"__proto__":{"type":"string"}}}') as JsonObject;
    expect(JSON.stringify(breakCycles(schema))).toBe(JSON.stringify(schema));
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
