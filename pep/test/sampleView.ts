// One server as a bundle describes it, with something of every kind, of which some is hidden.
import { readCatalog } from '@cardea/schemas/mcp';
import { parseStrictJson } from '@cardea/schemas/json';
import { viewCatalogs, type ServerView } from '../src/resolve/catalogView.ts';
import type { Visible } from '../src/resolve/visibility.ts';

const review = 'approved';

const tool = (name: string, properties: object, more: object = {}): object => ({
  name,
  review,
  effect: 'read',
  inputSchema: {
    type: 'object',
    properties,
    $defs: { zone: { type: 'string', 'x-mcp-header': 'Zone' } },
    ...('required' in more ? { required: more.required } : {}),
  },
  ...('open' in more ? { open: more.open } : {}),
});

const catalog = {
  server: { id: 'desk', owner: 'support', risk: 'low', environment: 'test' },
  tools: [
    tool(
      'refund',
      {
        amount: { type: 'integer', minimum: 1 },
        region: { type: 'string', 'x-mcp-header': 'Region' },
        path: { type: 'string' },
        ledger: { type: 'integer', format: 'int64' },
        zone: { $ref: '#/$defs/zone' },
        deep: { type: 'object', properties: { x: { type: 'string' } } },
      },
      { required: ['amount'] },
    ),
    tool('open', { known: { type: 'string' } }, { open: true }),
    tool('hidden', { secret: { type: 'string' } }),
  ],
  prompts: [
    { name: 'summary', review },
    { name: 'hidden', review },
  ],
  resources: [
    { uri: 'file:///readme', review },
    { uri: 'file:///Odd/../plain', review },
    { uri: 'file:///hidden', review },
    { uri: 'note://Secret Report', review },
    { uri: 'file:///x/../secret', review },
    { uri: 'file:///secret', review },
    { uri: 'file:///Odd/../secret', review },
  ],
  resourceTemplates: [
    { uriTemplate: 'file:///hidden/{name}', review },
    { uriTemplate: 'note://secret{name}', review },
    { uriTemplate: 'note://odd-{!name}', review },
    { uriTemplate: 'note://{+any}', review },
    { uriTemplate: 'file:///{name}', review },
    { uriTemplate: 'file:///{folder}/{name}', review },
  ],
};

export const sampleView: ServerView = viewCatalogs([
  readCatalog(parseStrictJson(JSON.stringify(catalog))),
]).get('desk') as ServerView;

/** Everything but what is called hidden. */
export const sampleVisible: Visible = {
  tools: new Set(['refund', 'open']),
  prompts: new Set(['summary']),
  resources: new Set(['file:///readme', 'file:///Odd/../plain', 'file:///Odd/../secret']),
  templates: new Set(['file:///{name}', 'note://{+any}']),
  hidden: new Set([
    'hidden',
    'file:///hidden',
    'file:///secret',
    'file:///x/../secret',
    'note://Secret Report',
    'note://secret{name}',
    'note://odd-{!name}',
    'file:///hidden/{name}',
    'file:///{folder}/{name}',
  ]),
};
