// A small MCP bundle: two servers, a few policies of each kind, one guardrail.
import { loadInstalledEngine, pinGuardrails } from '@cardea/bundles';
import type { Guardrails } from '@cardea/bundles/open';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SourceFiles } from './testArchive.ts';

const guardrail = `@id("guardrail-approved-tools-only")
@message("This tool has not been reviewed yet.")
forbid (principal, action in Action::"tools/call", resource is Tool) unless { resource.approved };
`;

const policies = `
@id("everyone-reads")
permit (principal, action in Action::"read", resource is Tool);

@id("builders-write")
permit (principal in Group::"builders", action in Action::"write", resource is Tool);

@id("builders-destroy")
permit (principal in Group::"builders", action in Action::"destructive", resource is Tool);

@id("at-most-20-destructive-calls-an-hour")
forbid (principal, action in Action::"destructive", resource)
when { context.usage.hour > 20 };

@id("support-small-refunds")
permit (principal in Group::"support", action == Action::"stripe/create_refund", resource)
when { context.input.amount <= 10000 };

@id("large-refunds-need-finance")
@hold("finance")
@message("Refunds above 50.00 need a second pair of eyes.")
forbid (principal, action == Action::"stripe/create_refund", resource)
when { context.input.amount > 5000 };

@id("the-one-exact-refund")
permit (principal, action == Action::"stripe/create_refund", resource)
when { context.input.amount == 9007199254740993 };

@id("everyone-lists")
permit (principal, action == Action::"tools/list", resource is Server);

@id("nobody-from-outside")
@message("Only from the office.")
forbid (principal, action == Action::"github/search_code", resource)
unless { context.request.address.isInRange(ip("10.0.0.0/8")) };
`;

const tool = (name: string, effect: string, inputSchema: object, review = 'approved'): object => ({
  name,
  effect,
  review,
  inputSchema: { type: 'object', ...inputSchema },
});

const github = {
  server: { id: 'github', owner: 'platform', risk: 'low', environment: 'production' },
  tools: [
    tool('create_issue', 'write', {
      properties: { title: { type: 'string' }, labels: { type: 'array', items: { type: 'string' } } },
      required: ['title'],
    }),
    tool('search_code', 'read', { properties: { query: { type: 'string' } } }),
    tool('delete_repo', 'destructive', { properties: { name: { type: 'string' } } }),
    tool('new_tool', 'read', {}, 'pending'),
  ],
  prompts: [{ name: 'summarise', review: 'approved' }],
  resources: [{ uri: 'repo://readme', review: 'approved' }],
};

const stripe = {
  server: { id: 'stripe', owner: 'finance', risk: 'high', environment: 'production' },
  tools: [
    tool('create_refund', 'write', {
      properties: { amount: { type: 'integer' }, note: { type: 'string' } },
      required: ['amount'],
    }),
  ],
};

export const mcpSources: SourceFiles = {
  'cardea.json': JSON.stringify({
    organisation: 'acme',
    profile: 'mcp',
    settings: { counters: [{ name: 'hour', key: 'person', windowSeconds: 3600 }] },
  }),
  'catalog/github.json': JSON.stringify(github),
  'catalog/stripe.json': JSON.stringify(stripe),
  'policies/guardrails/approved.cedar': guardrail,
  'policies/main.cedar': policies,
};

/** The pins that a service demands of such a bundle. */
export async function pinGuardrail(): Promise<Guardrails> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-guardrail-'));
  writeFileSync(join(folder, 'approved.cedar'), guardrail);
  try {
    return await pinGuardrails(folder, await loadInstalledEngine());
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Facts of every family, none of which keeps anything from happening. */
export const facts = {
  agent: { id: 'claude', groups: [], owner: 'alice' },
  grant: {
    id: 'g1',
    servers: ['github', 'stripe'],
    tools: [],
    effects: ['read', 'write', 'destructive'],
    expires: '2030-01-01T00:00:00Z',
  },
  session: { id: 's1', ageHours: 0, ageSeconds: 60, idleSeconds: 1 },
  request: {
    time: '2026-11-20T12:00:00.000Z',
    address: '10.1.2.3',
    client: 'claude-code',
    protocol: '2025-11-25',
  },
  usage: { hour: 1 },
  findings: { secrets: [], personal: [], injection: [] },
  approvals: { policies: [], people: [] },
} as const;

export function person(id: string, ...groups: readonly string[]): object {
  return { type: 'Person', id, properties: { groups } };
}

export function callOf(id: string, input: object, context: object = facts): object {
  return {
    subject: person('alice', 'builders', 'support'),
    action: { name: 'tools/call' },
    resource: { type: 'Tool', id },
    context: { ...context, input },
  };
}
