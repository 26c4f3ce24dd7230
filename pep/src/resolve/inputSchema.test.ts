import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Refusal } from '@cardea/schemas/codes';
import { parseStrictJson, type JsonObject } from '@cardea/schemas/json';
import { compileInputSchema, listUnchecked, type CheckInput } from './inputSchema.ts';

const parse = (text: string): JsonObject =>
  parseStrictJson(text, { bytesMax: 2 ** 24, nodesMax: 10 ** 7 }) as JsonObject;

const compile = (schema: object): CheckInput => compileInputSchema(parse(JSON.stringify(schema)));

const of = (property: object): CheckInput => compile({ type: 'object', properties: { x: property } });
const fits = (check: CheckInput, text: string): boolean => check(parse(text)) === undefined;

function refusalOf(check: CheckInput, text: string): string | undefined {
  try {
    return check(parse(text));
  } catch (refusal) {
    expect((refusal as Refusal).code).toBe('unchecked_argument');
    return (refusal as Refusal).message;
  }
}

/** Whatever is linear takes a fraction of this, whatever is not takes minutes. */
const hostileMsMax = 2_000;

function timed<T>(task: () => T): T {
  const startMs = performance.now();
  const result = task();
  expect(performance.now() - startMs).toBeLessThan(hostileMsMax);
  return result;
}

describe('compileInputSchema', () => {
  it('says where and why, and never what', () => {
    const check = of({ type: 'object', properties: { y: { enum: ['secret'] } } });
    expect(check(parse('{"x":{"y":"hunter2"}}'))).toBe('/x/y must be equal to one of the allowed values');
    expect(compile({ type: 'object', required: ['x'] })(parse('{}'))).toBe(
      "the arguments must have required property 'x'",
    );
  });

  it.each<[string, object, string, string]>([
    ['types', { type: 'integer' }, '1', '"1"'],
    ['bounds', { minimum: 1, exclusiveMaximum: 3 }, '2', '3'],
    ['lengths', { maxLength: 2 }, '"ab"', '"abc"'],
    ['choices', { enum: ['a', 1, null] }, 'null', '"b"'],
    ['patterns', { pattern: '^[a-z]+$' }, '"a"', '"a1"'],
    ['patterns that only this language writes so', { pattern: '^\\u0061[^]\\/$' }, '"a\\n/"', '"b/"'],
    ['names', { propertyNames: { pattern: '^a' } }, '{"ab":1}', '{"b":1}'],
    ['alternatives', { oneOf: [{ type: 'string' }, { type: 'null' }] }, 'null', '1'],
    ['exclusions', { not: { const: 'x' } }, '"y"', '"x"'],
    [
      'places, as 2020-12 writes them',
      { prefixItems: [{ type: 'string' }], items: false },
      '["a"]',
      '["a",1]',
    ],
    [
      'places, as draft 7 writes them',
      { items: [{ type: 'string' }], additionalItems: false },
      '["a"]',
      '["a",1]',
    ],
    ['keys too many', { properties: {}, additionalProperties: false }, '{}', '{"y":1}'],
    [
      'what must be unique',
      { uniqueItems: true },
      '[1,"1",{"a":1},{"a":2}]',
      '[{"a":1,"b":2},{"b":2,"a":1}]',
    ],
    ['numbers that are equal', { uniqueItems: true }, '[1,2]', '[1,1.0]'],
    ['what need not be unique', { uniqueItems: false, type: 'array' }, '[1,1]', '1'],
  ])('checks %s', (_, property, good, bad) => {
    expect(fits(of(property), `{"x":${good}}`)).toBe(true);
    expect(fits(of(property), `{"x":${bad}}`)).toBe(false);
  });

  it('follows references within the schema', () => {
    const check = compile({ properties: { x: { $ref: '#/$defs/n' } }, $defs: { n: { type: 'number' } } });
    expect(fits(check, '{"x":1}')).toBe(true);
    expect(fits(check, '{"x":"1"}')).toBe(false);
  });

  it.each(['$async', '$id', '$schema'])('is a check whatever %s says', (key) => {
    const value = { $async: true, $id: 'https://example.com/x', $schema: 'urn:none' }[key];
    expect(fits(compile({ [key]: value, properties: { x: { type: 'string' } } }), '{"x":1}')).toBe(false);
  });

  it.each<[string, object, string]>([
    ['a pattern that only other engines know', { pattern: '^(?!secret).*$' }, '"secret-file"'],
    ['such a pattern in an exclusion', { not: { pattern: '^(?=a)' } }, '"b"'],
    ['such a pattern in an alternative', { anyOf: [{ type: 'null' }, { pattern: '^(?=a)' }] }, '"b"'],
    ['such a pattern of keys', { patternProperties: { '^(?=a)': { type: 'null' } } }, '{"a":1}'],
    ['such a pattern of names', { propertyNames: { pattern: '^(?=a)' } }, '{"b":1}'],
    ['a schema that is elsewhere', { $ref: 'https://example.com/a' }, '1'],
    ['a schema that is nowhere', { allOf: [{ $ref: '#/$defs/none' }] }, '1'],
  ])('refuses arguments under %s, and names the place', (_, property, value) => {
    const check = of(property);
    expect(refusalOf(check, `{"x":${value}}`)).toMatch(/^arguments\/x.*: the schema (has a pattern|refers)/);
    expect(refusalOf(check, '{}')).toBeUndefined();
  });

  it.each<[string, object, RegExp]>([
    ['what is no schema', { type: 'nothing' }, /"\/type must/],
    [
      'what is no schema further down',
      { properties: { x: { minimum: 'x' } } },
      /"\/properties\/x\/minimum must/,
    ],
    ['a reference that is no text', { properties: { x: { $ref: 1 } } }, /"\/properties\/x/],
    [
      'an id that is none',
      { properties: { x: { $id: 'http://[' }, y: { enum: [1] } } },
      /the schema of the tool/,
    ],
  ])('refuses all arguments under %s, and names the place', (_, schema, message) => {
    expect(refusalOf(compile(schema), '{}')).toMatch(message);
  });

  it('does not take what an object inherits for an argument', () => {
    const check = compile({ required: ['constructor'], properties: { toString: { type: 'string' } } });
    for (const more of ['', '"n":9007199254740993']) {
      expect(fits(check, `{${more}}`)).toBe(false);
      expect(fits(check, `{"constructor":1${more && `,${more}`}}`)).toBe(true);
    }
  });

  it('tells patterns apart', () => {
    const check = compile({ properties: { x: { pattern: '^a' }, y: { pattern: '^b' } } });
    expect(fits(check, '{"x":"a","y":"b"}')).toBe(true);
    expect(fits(check, '{"x":"a","y":"a"}')).toBe(false);
  });

  it.each<[string, object, boolean]>([
    ['9007199254740993', { type: 'integer' }, true],
    ['9223372036854775807', { type: 'integer', minimum: 0 }, true],
    ['-9007199254740993', { minimum: 0 }, false],
    ['9007199254740993', { maximum: 10 }, false],
    ['9007199254740993', { type: 'string' }, false],
    ['[9007199254740993]', { items: { type: 'integer' } }, true],
  ])('bounds the large integer %s by %j', (integer, property, isFit) => {
    expect(fits(of(property), `{"x":${integer}}`)).toBe(isFit);
  });
});

describe('large integers in a schema', () => {
  it('bound as doubles do, and leave the rest of it as it is', () => {
    const property = '{"type":"integer","maximum":9223372036854775807,"not":{"const":-9223372036854775808}}';
    const check = compileInputSchema(parse(`{"properties":{"x":${property},"y":{"enum":["a"]}}}`));
    expect(fits(check, '{"x":9007199254740992,"y":"a"}')).toBe(true);
    expect(fits(check, '{"x":-9223372036854775808}')).toBe(false);
    expect(fits(check, '{"x":1e18,"y":"b"}')).toBe(false);
  });
});

describe('listUnchecked', () => {
  it.each<[object, readonly string[]]>([
    [{ properties: { x: { pattern: '^a' } } }, []],
    [
      { properties: { x: { pattern: '^(?!a)' }, y: { $ref: 'https://example.com/a' } } },
      [
        '/properties/x has a pattern that cannot be matched in time',
        '/properties/y refers to what is not in it',
      ],
    ],
    [{ type: 'nothing' }, ['the schema of the tool: "/type must be equal to one of the allowe..."']],
  ])('says of %j: %j', (schema, wanted) => {
    expect(listUnchecked(parse(JSON.stringify(schema)))).toEqual(wanted);
  });
});

describe('hostile arguments', () => {
  it.each(['^(a+)+$', '^(([a-z])+.)+[A-Z]([a-z])+$', '(x+x+)+y', '(a|b)*a(a|b){12}$'])(
    'take no longer than their length under %s',
    (pattern) => {
      const check = of({ pattern });
      timed(() => fits(check, JSON.stringify({ x: `${'a'.repeat(300_000)}!` })));
      timed(() => fits(check, JSON.stringify({ x: 'x'.repeat(300_000) })));
    },
  );

  it('take no longer than their number where they must be unique', () => {
    const elements = Array.from({ length: 40_000 }, (_, at) => (at % 2 === 0 ? at : { at }));
    const check = of({ uniqueItems: true });
    expect(timed(() => fits(check, JSON.stringify({ x: elements })))).toBe(true);
    expect(timed(() => fits(check, JSON.stringify({ x: [...elements, { at: 1 }] })))).toBe(false);
  });

  it('take no longer than their depth where alternatives lead back', () => {
    const branch = (key: string): object => ({
      properties: { [key]: { type: 'number' }, down: { $ref: '#/$defs/node' } },
      required: [key],
    });
    const check = compile({
      properties: { x: { $ref: '#/$defs/node' } },
      $defs: { node: { oneOf: [branch('a'), branch('b')] } },
    });
    const deep = `${'{"down":'.repeat(60)}{}${'}'.repeat(60)}`;
    expect(timed(() => fits(check, `{"x":${deep}}`))).toBe(false);
    expect(fits(check, '{"x":{"a":1,"down":{"z":1}}}')).toBe(false);
    expect(fits(check, '{"x":{"a":1,"down":{"b":1,"down":{"a":1}}}}')).toBe(true);
    expect(fits(check, '{"x":{"a":1,"down":{"b":1,"down":{"a":"1"}}}}')).toBe(false);
  });

  it('end where a schema says nothing but itself', () => {
    const check = compile({
      properties: { x: { $ref: '#/$defs/a' } },
      $defs: { a: { allOf: [{ $ref: '#/$defs/b' }] }, b: { $ref: '#/$defs/a', type: 'string' } },
    });
    expect(fits(check, '{"x":"a"}')).toBe(true);
    expect(fits(check, '{"x":1}')).toBe(false);
  });
});

const folder = process.env['CARDEA_CATALOGS'] ?? '';
const files = folder === '' ? [] : readdirSync(folder).filter((file) => file.endsWith('.json'));

if (files.length === 0) {
  describe('real catalogs', () => {
    it.skip('skipped: CARDEA_CATALOGS names no folder with tools/list answers', () => undefined);
  });
} else {
  describe.each(files)('the catalog in %s', (file) => {
    const tools = parse(readFileSync(join(folder, file), 'utf8'))['tools'] as unknown as {
      name: string;
      inputSchema: JsonObject;
    }[];

    it.each(tools.map((tool) => [tool.name, tool.inputSchema] as const))(
      'has a check for %s',
      (_, schema) => {
        const check = compileInputSchema(schema);
        const required = (schema['required'] ?? []) as readonly string[];
        expect(fits(check, '{}')).toBe(required.length === 0);
      },
    );
  });
}
