import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { codes } from '../codes/index.ts';
import { JsonRefusal, parseStrictJson } from '../json/index.ts';
import { callersSchema } from './callers.ts';
import { codeSchema } from './decision.ts';
import { evaluationSchema } from './evaluation.ts';
import { factItemsMax, factSchemas } from './facts.ts';
import { readWire, readWireDocument, WireRefusal } from './readWire.ts';

const evaluation = {
  subject: { type: 'user', id: 'alice' },
  action: { name: 'read' },
  resource: { type: 'doc', id: '1' },
};

const read = (document: unknown): unknown =>
  readWire(evaluationSchema, parseStrictJson(JSON.stringify(document)));

describe('readWire', () => {
  it('keeps the fields that it knows and drops the others, at every level', () => {
    const more = { ...evaluation, subject: { ...evaluation.subject, age: 7 }, extra: { deep: [1] } };
    expect(read(more)).toEqual(evaluation);
  });

  it('passes objects whose inside it does not know on as they came', () => {
    const document = parseStrictJson(JSON.stringify({ ...evaluation, context: { ['__proto__']: 1 } })) as {
      context: object;
    };
    expect(readWire(evaluationSchema, document).context).toBe(document.context);
  });

  it.each([
    ['subject', { ...evaluation, subject: undefined }],
    ['subject.id', { ...evaluation, subject: { type: 'user', id: '' } }],
    ['action.name', { ...evaluation, action: { name: 7 } }],
    ['resource.properties', { ...evaluation, resource: { ...evaluation.resource, properties: [] } }],
    ['context', { ...evaluation, context: 'none' }],
    ['the document', 'hello'],
  ])('names %s where that is at fault', (place, document) => {
    expect(() => read(document)).toThrow(
      expect.objectContaining({ code: 'invalid_request', message: expect.stringMatching(`^${place}: `) }),
    );
  });

  it('never shows a value', () => {
    const secret = 'hunter2';
    for (const document of [
      secret,
      { ...evaluation, context: secret },
      { ...evaluation, subject: { type: [secret], id: 7 } },
    ]) {
      expect(() => read(document)).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining(secret) }),
      );
    }
  });
});

describe('what is wrong', () => {
  const schema = z.strictObject({
    name: z.string().min(2).max(3),
    kind: z.enum(['x', 'y']),
    list: z.array(z.int()).max(1).optional(),
    class: z
      .discriminatedUnion('is', [z.object({ is: z.literal('p') }), z.object({ is: z.literal('q') })])
      .optional(),
  });
  const good = { name: 'ab', kind: 'x' };

  it.each<[object, string]>([
    [{}, 'name: missing, expected a text'],
    [{ ...good, name: 7 }, 'name: expected a text'],
    [{ ...good, name: 'a' }, 'name: expected at least 2 characters'],
    [{ ...good, name: 'abcd' }, 'name: expected at most 3 characters'],
    [{ name: 'ab' }, 'kind: missing, expected one of x, y'],
    [{ ...good, kind: 'secret' }, 'kind: expected one of x, y'],
    [{ ...good, list: {} }, 'list: expected a list'],
    [{ ...good, list: [1.5] }, 'list.0: expected an integer'],
    [{ ...good, list: [1, 2] }, 'list: expected at most 1 entry'],
    [{ ...good, class: { is: 'secret' } }, 'class.is: expected one of p, q'],
    [{ ...good, nmae: 1 }, 'the document: expected no field "nmae"'],
  ])('in %j is said in words, and nothing of a value', (value, message) => {
    expect(() => readWire(schema, value)).toThrow(new WireRefusal('', message));
  });
});

describe('readWireDocument', () => {
  const text = '{\n  "callers": [\n    {"class": "author", "name": 7, "age": 1}\n  ]\n}';
  const placeOf = (document: string, change: (value: unknown) => unknown = (value) => value): string => {
    try {
      readWireDocument(document, (value) => readWire(callersSchema, change(value)));
      return 'read';
    } catch (refusal) {
      return refusal instanceof JsonRefusal ? `${refusal.line}:${refusal.column}` : String(refusal);
    }
  };

  it.each([
    ['a field of the wrong shape', text, '3:33'],
    ['a field too many', text.replace('7', '"a"'), '3:45'],
    [
      'a field that is missing, at the value around it',
      text.replace('"name": 7, "age": 1', '"name": "a"'),
      '3:5',
    ],
    ['a document of another shape', ' []', '1:2'],
    ['what is no JSON', '{\n  "callers": x}', '2:14'],
  ])('says where %s stands', (_, document, place) => {
    expect(placeOf(document)).toBe(place);
  });

  it('says where a reader says that something is wrong', () => {
    const read = (): never => {
      throw new WireRefusal('/callers/0/name', 'is taken');
    };
    expect(() => readWireDocument(text, read)).toThrow('line 3, column 33: is taken');
  });

  it('leaves faults alone', () => {
    const read = (): never => {
      throw new TypeError('a fault');
    };
    expect(() => readWireDocument(text, read)).toThrow(TypeError);
  });
});

describe('facts', () => {
  const grant = { id: 'g', servers: [], tools: [], effects: [], expires: '2030-01-01' };

  it.each<[string, z.ZodType, unknown]>([
    ['a grant without a list', factSchemas.grant, { ...grant, tools: undefined }],
    ['a misspelt field beside the right ones', factSchemas.grant, { ...grant, tool: [] }],
    ['a list that is too long', factSchemas.grant, { ...grant, tools: Array(factItemsMax + 1).fill('x') }],
    ['an agent without groups', factSchemas.agent, { id: 'claude' }],
    [
      'too many tags',
      factSchemas.agent,
      {
        id: 'claude',
        groups: [],
        tags: Object.fromEntries(Array.from({ length: 101 }, (_, tag) => [tag, ''])),
      },
    ],
    ['a tag that is no text', factSchemas.agent, { id: 'claude', groups: [], tags: { a: 1 } }],
    ['a count that is none', factSchemas.usage, { hour: 1.5 }],
    ['a negative count', factSchemas.usage, { hour: -1 }],
    ['a negative age', factSchemas.session, { id: 's', ageHours: -1, ageSeconds: 0, idleSeconds: 0 }],
  ])('refuse %s', (_, schema, value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });

  it('take a key that is a name of the prototype as any other', () => {
    const counts = parseStrictJson('{"__proto__": 5, "hour": 1}');
    expect(readWire(factSchemas.usage, counts)).toBe(counts);
    expect(factSchemas.usage.safeParse(parseStrictJson('{"__proto__": "x"}')).success).toBe(false);
  });
});

describe('callers', () => {
  const digest = 'a'.repeat(64);
  const author = { class: 'author', name: 'a', tokenSha256: digest };

  it('take each class with its own fields', () => {
    const callers = [
      author,
      { class: 'proxy', name: 'p', certificateSha256: digest, servers: ['github'] },
      { class: 'client', name: 'c', socket: true, subjects: [{ type: 'Person', id: 'alice' }] },
    ];
    expect(callersSchema.parse({ callers })).toEqual({ callers });
  });

  it.each([
    ['no credential', { class: 'author', name: 'a' }],
    ['a socket that is denied', { class: 'author', name: 'a', socket: false }],
    ['a digest in upper case', { ...author, tokenSha256: 'A'.repeat(64) }],
    ['a token instead of its digest', { ...author, tokenSha256: 'secret' }],
    ['a proxy without servers', { ...author, class: 'proxy' }],
    ['a client without subjects', { ...author, class: 'client' }],
    ['an unknown class', { ...author, class: 'root' }],
    ['a field of another class', { ...author, servers: ['github'] }],
  ])('refuse %s', (_, caller) => {
    expect(callersSchema.safeParse({ callers: [caller] }).success).toBe(false);
  });
});

it('knows every code of the table, and no other', () => {
  expect(codeSchema.options).toEqual(Object.keys(codes));
});
