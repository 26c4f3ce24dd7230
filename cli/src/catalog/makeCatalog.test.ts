import { describe, expect, it } from '@jest/globals';
import { parseStrictJson, type JsonObject } from '@cardea/schemas/json';
import { readCatalog, type Catalog } from '@cardea/schemas/mcp';
import type { PulledServer } from '../mcp/pullServer.ts';
import { describeServer, type StatedServer } from './catalogServer.ts';
import { makeCatalog, type PulledCatalog } from './makeCatalog.ts';
import { writeCatalog } from './writeCatalog.ts';

const server = { id: 'desk', owner: 'owners', risk: 'high', environment: 'test' };

function pulledOf(lists: Partial<PulledServer>): PulledServer {
  const none = { tools: [], prompts: [], resources: [], resourceTemplates: [] };
  return { name: 'Desk', version: '1', protocol: '2025-11-25', capabilities: {}, ...none, ...lists };
}

function pull(tools: readonly JsonObject[], previous?: readonly JsonObject[]): PulledCatalog {
  const before = previous && readCatalog({ server, tools: previous });
  return makeCatalog(pulledOf({ tools }), server, before);
}

const inputSchema = { type: 'object' };
const refund = { name: 'refund', inputSchema, annotations: { destructiveHint: false } };
const approved = { ...refund, effect: 'destructive', review: 'approved', open: true, toolsets: ['money'] };

describe('a pulled catalog', () => {
  it('proposes an effect for what is new, and waits for the review', () => {
    const { catalog, added, changed } = pull([refund]);
    expect(catalog.tools).toEqual([{ ...refund, effect: 'write', review: 'pending' }]);
    expect({ added, changed }).toEqual({ added: [{ noun: 'tool', name: 'refund' }], changed: [] });
  });

  it('keeps the review of what has not changed, whatever the order of its keys', () => {
    const { catalog, added, changed } = pull(
      [{ annotations: refund.annotations, inputSchema, name: 'refund' }],
      [approved],
    );
    expect(catalog.tools).toEqual([approved]);
    expect([...added, ...changed]).toEqual([]);
  });

  it.each<[string, JsonObject]>([
    ['a description', { ...refund, description: 'Now with a description.' }],
    ['a schema', { ...refund, inputSchema: { type: 'object', properties: { a: { type: 'string' } } } }],
    ['a hint', { ...refund, annotations: { readOnlyHint: true } }],
    ['a field that nobody knows', { ...refund, _meta: { x: 1 } }],
  ])('asks again when it changes: %s', (_, wire) => {
    const { catalog, changed } = pull([wire], [approved]);
    // Never less careful than the reviewer was, and not open before somebody says so again.
    const review = { effect: 'destructive', review: 'pending', toolsets: ['money'] };
    expect(catalog.tools).toEqual([{ ...wire, ...review }]);
    expect(changed).toEqual([{ noun: 'tool', name: 'refund' }]);
  });

  it('names what is gone', () => {
    expect(pull([], [approved]).withdrawn).toEqual([{ noun: 'tool', name: 'refund' }]);
  });

  it('lets no server review itself', () => {
    const { catalog } = pull([
      { ...refund, review: 'approved', effect: 'read', open: true, toolsets: ['all'] },
    ]);
    expect(catalog.tools).toEqual([{ ...refund, effect: 'write', review: 'pending' }]);
  });

  it('leaves out what no catalog can hold, and keeps the rest', () => {
    const tools = [
      { ...refund, name: 'twice' },
      { ...refund, name: 'twice', description: 'Another one.' },
      { name: 'no schema' },
      { inputSchema },
      { ...refund, title: 7 },
      { ...refund, name: 'good' },
    ];
    const { catalog, leftOut } = pull(tools);
    expect(catalog.tools.map(({ name }) => name)).toEqual(['good']);
    expect(leftOut).toEqual([
      { noun: 'tool', name: '', why: 'lacks "name"' },
      { noun: 'tool', name: 'no schema', why: 'lacks "inputSchema"' },
      { noun: 'tool', name: 'refund', why: '/title must be a text' },
      { noun: 'tool', name: 'twice', why: 'it is not the only one of that name' },
      { noun: 'tool', name: 'twice', why: 'it is not the only one of that name' },
    ]);
  });

  it('knows a resource and a template of one spelling for the same name', () => {
    const resources = [{ uri: 'desk://a', name: 'a' }];
    const resourceTemplates = [{ uriTemplate: 'desk://a', name: 'a' }];
    const { catalog, leftOut } = makeCatalog(pulledOf({ resources, resourceTemplates }), server, undefined);
    expect([...catalog.resources, ...catalog.resourceTemplates]).toEqual([]);
    expect(leftOut.map(({ noun }) => noun)).toEqual(['resource', 'template']);
  });

  it('is the same whatever order the server lists in', () => {
    const tools = ['b', 'a', 'c'].map((name) => ({ ...refund, name }));
    const texts = [tools, [...tools].reverse()].map((list) => writeCatalog(pull(list).catalog));
    expect(texts[0]).toBe(texts[1]);
  });
});

describe('a written catalog', () => {
  const write = (tool: JsonObject): string => writeCatalog(pull([tool]).catalog);

  it('is laid out for people: the review first, short lists on one line', () => {
    const tool = { ...refund, inputSchema: { type: 'object', required: ['a', 'b'], properties: {} } };
    expect(write(tool)).toBe(`{
  "server": {
    "id": "desk",
    "owner": "owners",
    "risk": "high",
    "environment": "test"
  },
  "capabilities": {},
  "tools": [
    {
      "name": "refund",
      "review": "pending",
      "effect": "write",
      "inputSchema": {
        "type": "object",
        "required": ["a", "b"],
        "properties": {}
      },
      "annotations": {
        "destructiveHint": false
      }
    }
  ]
}
`);
  });

  it('shows what an editor would hide, and is read as what was sent', () => {
    const description = 'a\u202eb\u001b[2J\u0085\u00a0\u200b\u{e0001} \u00e9\u{1f600}';
    const tool = { ...refund, description, ['__proto__']: { limit: 9007199254740993n } };
    const text = write(tool);
    expect(text).toContain('"a\\u202eb\\u001b[2J\\u0085\\u00a0\\u200b\\udb40\\udc01 \u00e9\u{1f600}"');
    const [read] = readCatalog(parseStrictJson(text)).tools;
    expect(read).toMatchObject({ description });
    expect(Object.getOwnPropertyDescriptor(read, '__proto__')?.value).toEqual({ limit: 9007199254740993n });
  });
});

describe('a catalog that is too large', () => {
  it('is not written: nobody could read it', () => {
    const { catalog } = pull([{ ...refund, description: '\u200b'.repeat(3 * 1024 * 1024) }]);
    expect(() => writeCatalog(catalog)).toThrow('larger than 16777216 bytes');
  });
});

describe('the server of a pulled catalog', () => {
  const nothing: StatedServer = { id: undefined, owner: undefined, risk: undefined, environment: undefined };
  const source = { origin: 'https://desk.example' };
  const describeAs = (stated: Partial<StatedServer>, name = 'Desk', previous?: Catalog): unknown =>
    describeServer({ ...nothing, ...stated }, previous, source, pulledOf({ name }));

  it('counts as dangerous where nobody has said anything', () => {
    expect(describeAs({})).toEqual({
      id: 'desk',
      owner: 'owners',
      risk: 'high',
      environment: 'production',
      source: { name: 'Desk', version: '1', protocol: '2025-11-25', origin: 'https://desk.example' },
    });
  });

  it('is what is stated now, then what was stated before', () => {
    const previous = readCatalog({ server, tools: [] });
    expect(describeAs({ risk: 'low' }, 'Other', previous)).toMatchObject({ ...server, risk: 'low' });
  });

  it.each([
    ['@scope/Example Servers', 'scope-example-servers'],
    ['--42 desk--', 'desk'],
  ])('takes its id from its name: %s', (name, id) => {
    expect(describeAs({}, name)).toMatchObject({ id });
  });

  it.each([
    ['tools', '"tools" cannot be the id of a server: choose one with --id'],
    ['\u4e16\u754c', '"" cannot be the id of a server: choose one with --id'],
  ])('needs an id where the name gives none: %s', (name, message) => {
    expect(() => describeAs({}, name)).toThrow(message);
  });

  it('is not another one than before', () => {
    const previous = readCatalog({ server, tools: [] });
    expect(() => describeAs({ id: 'other' }, 'Desk', previous)).toThrow(
      'the previous catalog is that of the server desk, not of other',
    );
  });
});
