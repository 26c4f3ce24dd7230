import { describe, expect, it } from '@jest/globals';
import { entityKey } from '../cedar/index.ts';
import type { Catalog } from './catalog.ts';
import { toolEntities } from './toolEntities.ts';

const catalog: Catalog = {
  server: { id: 'github', owner: 'platform', risk: 'high', environment: 'production' },
  tools: [
    {
      name: 'search',
      inputSchema: {},
      effect: 'read',
      review: 'approved',
      toolsets: ['triage', 'all', 'triage'],
    },
    { name: 'delete', inputSchema: {}, effect: 'destructive', review: 'pending' },
  ],
  prompts: [{ name: 'triage', review: 'approved' }],
  resources: [{ uri: 'repo://a', review: 'approved' }],
  resourceTemplates: [{ uriTemplate: 'repo://{name}', review: 'pending' }],
};
const place = {
  owner: { __entity: { type: 'Group', id: 'platform' } },
  risk: 'high',
  environment: 'production',
};
const server = { type: 'Server', id: 'github' };
const action = (id: string) => ({ type: 'Action', id });

describe('toolEntities', () => {
  it('gives each entity once, sorted by type and id', () => {
    expect(toolEntities(catalog).map(({ uid }) => `${uid.type}::${uid.id}`)).toEqual([
      'Action::destructive',
      'Action::github',
      'Action::github/delete',
      'Action::github/search',
      'Action::read',
      'Action::tools/call',
      'Action::write',
      'Group::platform',
      'Prompt::github/triage',
      'Resource::github/repo://a',
      'Resource::github/repo://{name}',
      'Server::github',
      'Tool::github/delete',
      'Tool::github/search',
      'Toolset::all',
      'Toolset::triage',
    ]);
  });

  it.each([
    [{ uid: server, attrs: place, parents: [] }],
    [
      {
        uid: { type: 'Tool', id: 'github/search' },
        attrs: { ...place, approved: true, effect: 'read' },
        parents: [server, { type: 'Toolset', id: 'all' }, { type: 'Toolset', id: 'triage' }],
      },
    ],
    [
      {
        uid: { type: 'Tool', id: 'github/delete' },
        attrs: { ...place, approved: false, effect: 'destructive' },
        parents: [server],
      },
    ],
    [
      {
        uid: { type: 'Resource', id: 'github/repo://{name}' },
        attrs: { ...place, approved: false },
        parents: [server],
      },
    ],
    [
      {
        uid: action('github/search'),
        attrs: {},
        parents: [action('tools/call'), action('github'), action('read')],
      },
    ],
  ])('describes %j', (expected) => {
    const found = toolEntities(catalog).find(({ uid }) => entityKey(uid) === entityKey(expected.uid));
    expect(found).toEqual(expected);
  });

  it('does not depend on the order of definitions', () => {
    const reversed = { ...catalog, tools: catalog.tools.toReversed() };
    expect(JSON.stringify(toolEntities(reversed))).toBe(JSON.stringify(toolEntities(catalog)));
  });
});
