import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '@cardea/schemas/json';
import { makeVisible } from '../scene/makeContext.ts';
import { filterLists, type Withheld } from './filterLists.ts';

const visible = makeVisible({
  tools: ['refund'],
  prompts: ['greet'],
  resources: ['file:///a'],
  templates: ['notes://{id}'],
  hidden: ['export', 'secret', 'file:///b', 'db://{table}'],
});

function filter(result: JsonObject): { readonly result: JsonObject; readonly withheld: Withheld[] } {
  const withheld: Withheld[] = [];
  return { result: filterLists(result, visible, (entries) => withheld.push(entries)), withheld };
}

describe('a list', () => {
  it.each<[string, string, JsonValue[], JsonValue[]]>([
    ['tools', 'tools', [{ name: 'export' }, { name: 'refund', x: 1 }], [{ name: 'refund', x: 1 }]],
    ['prompts', 'prompts', [{ name: 'greet' }, { name: 'secret' }], [{ name: 'greet' }]],
    ['resources', 'resources', [{ uri: 'file:///b' }, { uri: 'file:///a' }], [{ uri: 'file:///a' }]],
    [
      'templates',
      'resourceTemplates',
      [{ uriTemplate: 'db://{table}' }, { uriTemplate: 'notes://{id}' }],
      [{ uriTemplate: 'notes://{id}' }],
    ],
  ])('of %s shows what is visible', (list, key, entries, shown) => {
    const { result, withheld } = filter({ [key]: entries, nextCursor: 'c', later: true });
    expect(result).toEqual({ [key]: shown, nextCursor: 'c', later: true });
    expect(withheld).toMatchObject([{ list, count: 1 }]);
  });

  it('shows nothing that the catalog does not know', () => {
    expect(filter({ tools: [{ name: 'new_tool' }] })).toEqual({
      result: { tools: [] },
      withheld: [{ list: 'tools', count: 1, names: ['new_tool'] }],
    });
  });

  it.each<[string, JsonValue]>([
    ['no name', { title: 'refund' }],
    ['a name that is no text', { name: ['refund'] }],
    ['another name in capitals', { name: 'refund', Name: 'export' }],
    ['a name in other letters', { name: 'refund', 'n\uff41me': 'export' }],
    ['a name that only its prototype has', Object.create({ name: 'refund' }) as JsonObject],
    ['no object', 'refund'],
    ['nothing', null],
    ['an array', ['refund']],
  ])('shows no entry with %s', (_name, entry) => {
    expect(filter({ tools: [entry] }).result).toEqual({ tools: [] });
  });

  it('is the same where everything is visible', () => {
    const result = { tools: [{ name: 'refund' }, { name: 'refund' }], resources: [{ uri: 'file:///a' }] };
    expect(filter(result)).toEqual({ result, withheld: [] });
    expect(filter(result).result).toBe(result);
  });

  it('is filtered wherever it stands beside others', () => {
    const { result } = filter({ tools: [{ name: 'export' }], prompts: [{ name: 'secret' }] });
    expect(result).toEqual({ tools: [], prompts: [] });
  });

  it('tells of what it withheld within bounds', () => {
    const tools = Array.from({ length: 500 }, (_, at) => ({ name: `${at}`.padEnd(4_000, 'x') }));
    const [withheld] = filter({ tools }).withheld;
    expect(withheld?.count).toBe(500);
    expect(withheld?.names.join('').length).toBeLessThan(10_000);
  });
});

describe('a resource that the catalog knows by a template', () => {
  it.each([
    ['notes://7', true],
    ['notes://7/8', false],
    ['db://people', false],
    ['other://7', false],
    ['notes://a/../b', false],
    ['NOTES://7', false],
    ['notes://%37', false],
  ])('%s is shown: %p', (uri, isShown) => {
    expect(filter({ resources: [{ uri }] }).result).toEqual({ resources: isShown ? [{ uri }] : [] });
  });

  it('is not shown where a hidden template covers it too', () => {
    const both = makeVisible({ templates: ['notes://{id}'], hidden: ['notes://{secret}'] });
    expect(filterLists({ resources: [{ uri: 'notes://7' }] }, both, () => undefined)).toEqual({
      resources: [],
    });
  });

  it('is not shown under its own name either, where a hidden template could cover it', () => {
    const both = makeVisible({ resources: ['notes://a:7', 'notes://a/7'], hidden: ['notes://{secret}'] });
    const resources = [{ uri: 'notes://a:7' }, { uri: 'notes://a/7' }];
    expect(filterLists({ resources }, both, () => undefined)).toEqual({
      resources: [{ uri: 'notes://a/7' }],
    });
  });
});
