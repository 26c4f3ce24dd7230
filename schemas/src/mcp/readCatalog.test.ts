import { describe, expect, it } from '@jest/globals';
import { Refusal } from '../codes/index.ts';
import type { JsonValue } from '../json/index.ts';
import { parseStrictJson } from '../json/index.ts';
import { readCatalog } from './readCatalog.ts';

const server = { id: 'github', owner: 'platform', risk: 'high', environment: 'production' };
const tool = { name: 'create_issue', inputSchema: { type: 'object' }, effect: 'write', review: 'approved' };

function read(value: unknown): ReturnType<typeof readCatalog> {
  return readCatalog(parseStrictJson(JSON.stringify(value)));
}

function refusalOf(value: unknown): unknown {
  try {
    return read(value);
  } catch (fault) {
    return fault;
  }
}

describe('readCatalog', () => {
  it('keeps what servers sent, unknown fields included', () => {
    const sent = {
      ...tool,
      title: 'Create',
      execution: { taskSupport: 'optional' },
      open: true,
      toolsets: ['triage'],
    };
    const catalog = read({ server, instructions: '', capabilities: { tools: {} }, tools: [sent] });
    expect(JSON.parse(JSON.stringify(catalog.tools))).toEqual([sent]);
  });

  it('takes a list that is left out for an empty one', () => {
    expect(read({ server })).toMatchObject({ tools: [], prompts: [], resources: [], resourceTemplates: [] });
  });

  it('reads every kind of definition', () => {
    const catalog = read({
      server: { ...server, source: { url: 'https://example.com/mcp' } },
      prompts: [{ name: 'triage', review: 'approved' }],
      resources: [{ uri: 'repo://a', name: 'a', review: 'pending' }],
      resourceTemplates: [{ uriTemplate: 'repo://{name}', name: 'repo', review: 'approved' }],
    });
    expect(catalog.prompts[0]?.name).toBe('triage');
    expect(catalog.resources[0]?.review).toBe('pending');
    expect(catalog.resourceTemplates[0]?.uriTemplate).toBe('repo://{name}');
  });

  it.each<[string, unknown]>([
    ['the document must be an object', []],
    ['the document lacks "server"', {}],
    ['the document has a field "tolls"', { server, tolls: [] }],
    ['/server must be an object', { server: 'github' }],
    ['/server lacks "owner"', { server: { ...server, owner: undefined } }],
    ['/server has a field "riks"', { server: { ...server, riks: 'low' } }],
    ['/server/id must match', { server: { ...server, id: 'GitHub' } }],
    ['/server/id must match', { server: { ...server, id: 'tools' } }],
    ['/server/risk must be a text of 1 to 256 characters', { server: { ...server, risk: '' } }],
    ['/instructions must be a text', { server, instructions: 5 }],
    ['/capabilities must be an object', { server, capabilities: [] }],
    ['/tools must be an array', { server, tools: {} }],
    ['/tools/0 must be an object', { server, tools: [null] }],
    ['/tools/0 lacks "name"', { server, tools: [{ ...tool, name: undefined }] }],
    ['/tools/0/name must be a text of 1 to 256', { server, tools: [{ ...tool, name: 'a'.repeat(257) }] }],
    ['/tools/0 lacks "inputSchema"', { server, tools: [{ ...tool, inputSchema: undefined }] }],
    ['/tools/0/inputSchema must be an object', { server, tools: [{ ...tool, inputSchema: true }] }],
    ['/tools/0/outputSchema must be an object', { server, tools: [{ ...tool, outputSchema: true }] }],
    ['/tools/0/annotations must be an object', { server, tools: [{ ...tool, annotations: null }] }],
    ['/tools/0/description must be a text', { server, tools: [{ ...tool, description: null }] }],
    ['/tools/0/title must be a text', { server, tools: [{ ...tool, title: [] }] }],
    [
      '/tools/0/effect must be one of read, write, destructive',
      { server, tools: [{ ...tool, effect: 'none' }] },
    ],
    ['/tools/0/review must be one of approved, pending', { server, tools: [{ ...tool, review: 'yes' }] }],
    ['/tools/0 lacks "review"', { server, tools: [{ ...tool, review: undefined }] }],
    ['/tools/0/open must be true or false', { server, tools: [{ ...tool, open: 'true' }] }],
    ['/tools/0/toolsets/1 must be a text', { server, tools: [{ ...tool, toolsets: ['a', ''] }] }],
    [
      '/tools/0/toolsets must have at most 100',
      { server, tools: [{ ...tool, toolsets: Array(101).fill('a') }] },
    ],
    ['/tools/1 has the same name', { server, tools: [tool, tool] }],
    ['/prompts/0 lacks "name"', { server, prompts: [{ review: 'approved' }] }],
    ['/resources/0 lacks "uri"', { server, resources: [{ name: 'a', review: 'approved' }] }],
    [
      '/resourceTemplates/0 has the same name',
      {
        server,
        resources: [{ uri: 'repo://a', review: 'pending' }],
        resourceTemplates: [{ uriTemplate: 'repo://a', review: 'approved' }],
      },
    ],
  ])('refuses, naming the place: %s', (message, value) => {
    const refusal = refusalOf(value);
    expect(refusal).toBeInstanceOf(Refusal);
    expect((refusal as Refusal).code).toBe('invalid_request');
    expect((refusal as Refusal).message.slice(0, message.length)).toBe(message);
  });

  it('is not taken in by fields of the prototype', () => {
    const value = {
      server,
      tools: [{ ...tool, inputSchema: undefined, name: 'constructor' }],
    } as unknown as JsonValue;
    expect(() => readCatalog(value)).toThrow('lacks "inputSchema"');
    expect(() => readCatalog({ server: Object.create(server) as JsonValue })).toThrow('lacks "id"');
  });
});
