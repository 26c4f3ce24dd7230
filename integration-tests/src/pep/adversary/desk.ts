// The desk that is attacked: something of every kind, of which ann may see all but what is called hidden or secret.
import type { StackOptions } from '../stack.ts';
import { annToken, bobToken } from './attack.ts';

const review = 'approved';

const inputSchema = {
  type: 'object',
  properties: {
    amount: { type: 'integer', minimum: 1 },
    code: { type: 'string', pattern: '^[a-z]$' },
    note: { type: 'string' },
    path: { type: 'string' },
    region: { type: 'string', 'x-mcp-header': 'Region' },
    deep: { type: 'object', properties: { x: { type: 'string' } } },
    list: { type: 'array', items: { type: 'object', properties: { x: { type: 'string' } } } },
  },
  required: ['amount'],
};

const tool = (name: string, more: object = {}): object => ({
  name,
  review,
  effect: 'write',
  inputSchema: { type: 'object' },
  ...more,
});

const server = (id: string): object => ({ id, owner: 'support', risk: 'low', environment: 'test' });

const desk = {
  server: server('desk'),
  tools: [
    tool('refund', { inputSchema }),
    tool('open', { open: true }),
    tool('hidden', { inputSchema }),
    tool('unreviewed', { review: 'pending' }),
  ],
  prompts: [
    { name: 'summary', review },
    { name: 'secret', review },
  ],
  resources: [{ uri: 'file:///readme', review }],
  resourceTemplates: [
    { uriTemplate: 'file:///secret/{name}', review },
    { uriTemplate: 'file:///public/{name}', review },
  ],
};

const policies = `
@id("all-servers")
permit (principal, action, resource is Server);

@id("tools-but-one")
permit (principal, action, resource is Tool) unless { resource == Tool::"desk/hidden" };

@id("prompts-but-one")
permit (principal, action, resource is Prompt) unless { resource == Prompt::"desk/secret" };

@id("resources-but-one")
permit (principal, action, resource is Resource)
unless { resource == Resource::"desk/file:///secret/{name}" };

@id("bob-sees-it-all")
permit (principal == Person::"bob", action, resource);

@id("not-too-much")
@message("That is too much.")
forbid (principal, action == Action::"desk/refund", resource)
when { context.input.amount > 1000 };

@id("much-is-seen-by-people")
@hold("finance")
forbid (principal, action == Action::"desk/refund", resource)
when { context.input.amount > 500 };
`;

export function deskOptions(upstreamUrl: string): StackOptions {
  return {
    policies,
    catalogs: {
      desk: JSON.stringify(desk),
      other: JSON.stringify({ server: server('other'), tools: [tool('refund')] }),
    },
    upstreams: { desk: upstreamUrl, other: upstreamUrl },
    grants: [
      { token: annToken, person: 'ann' },
      { token: bobToken, person: 'bob' },
    ],
    credential: 'the-key-of-the-server',
    // What a test leaves behind is not waited for.
    limits: { drainTimeoutMs: 500 },
  };
}
