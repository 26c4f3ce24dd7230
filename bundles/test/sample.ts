// A small organisation's sources, in memory: two servers, a guardrail, and policies over both. Tests change single
// files of it.

import { digestOf } from '@cardea/schemas/digest';
import { generateKey } from '@cardea/schemas/note';
import { buildBundle, type BuildOptions, type BuiltBundle } from '../src/build/buildBundle.ts';
import type { SourceTree } from '../src/build/sourceTree.ts';
import { loadInstalledEngine } from '../src/engineFile.ts';
import type { Guardrails, Trust } from '../src/open/trust.ts';

export const engine = await loadInstalledEngine();

export const signer = generateKey('acme.example/publisher');

const guardrail = `@id("guardrail-approved-tools-only")
forbid (principal, action in Action::"tools/call", resource is Tool)
unless { resource.approved };`;

export const guardrails: Guardrails = new Map([['guardrail-approved-tools-only', digestOf(guardrail)]]);

export const trust: Trust = {
  verifiers: [signer.verifier],
  organisation: 'acme',
  profile: 'mcp',
  engines: new Set([engine.digest]),
  guardrails,
};

const server = (id: string): object => ({ id, owner: 'platform', risk: 'low', environment: 'production' });
const tool = (name: string, effect: string, properties: object, more: object = {}): object => ({
  name,
  description: `Does ${name}.`,
  inputSchema: { type: 'object', properties, required: Object.keys(properties).slice(0, 1) },
  effect,
  review: 'approved',
  ...more,
});

export const stripe = {
  server: server('stripe'),
  tools: [
    tool('create_refund', 'write', { amount: { type: 'integer' }, reason: { type: 'string' } }),
    tool('delete_customer', 'destructive', { id: { type: 'string' } }, { toolsets: ['customers'] }),
  ],
};

export const github = {
  server: server('github'),
  tools: [
    tool('create_issue', 'write', { title: { type: 'string' } }),
    tool('list_issues', 'read', { state: { type: 'string' } }),
  ],
};

export const project = {
  organisation: 'acme',
  profile: 'mcp',
  settings: { counters: [{ name: 'hour', key: 'person', windowSeconds: 3600 }] },
};

const refunds = `// Money leaves the company here.
@id("support-small-refunds")
permit (principal in Group::"support", action == Action::"stripe/create_refund", resource)
when { context.input.amount <= 10000 };

@id("large-refunds-need-finance")
@hold("finance")
forbid (principal, action == Action::"stripe/create_refund", resource)
when { context.input.amount > 5000 };
`;

const common = `@id("everyone-reads")
permit (principal, action in Action::"read", resource);

@id("at-most-20-destructive-calls-an-hour")
forbid (principal, action in Action::"destructive", resource)
when { context.usage.hour > 20 };
`;

export const files: Readonly<Record<string, string>> = {
  'cardea.json': JSON.stringify(project, null, 2),
  'catalog/github.json': JSON.stringify(github, null, 2),
  'catalog/stripe.json': JSON.stringify(stripe, null, 2),
  'policies/common.cedar': common,
  'policies/guardrails/approved.cedar': `// Ships with the product.\n${guardrail}\n`,
  'policies/refunds.cedar': refunds,
};

export const plainFiles: Readonly<Record<string, string>> = {
  'cardea.json': JSON.stringify({ organisation: 'acme', profile: 'plain' }),
  'schema.cedarschema': `entity Team in [Team];
entity User in [Team] = { address: ipaddr, lead?: User, limits: Set<decimal> } tags datetime;
entity Doc = { owner: User };
action "all";
action "read" in ["all"] appliesTo { principal: [User], resource: [Doc], context: { at: datetime } };
`,
  'entities.json': JSON.stringify([
    {
      uid: { type: 'User', id: 'ann' },
      attrs: { address: '10.0.0.1', lead: { type: 'User', id: 'bob' }, limits: ['1.5'] },
      parents: [{ type: 'Team', id: 'core' }],
      tags: { joined: '2026-01-01' },
    },
  ]),
  'policies/docs.cedar': `@id("owners-read")
permit (principal, action in Action::"all", resource) when { resource.owner == principal };
`,
};

/** The sample with some files changed; undefined leaves one out. */
export function makeSources(
  change: Readonly<Record<string, string | undefined>> = {},
  base = files,
): SourceTree {
  const texts = Object.entries({ ...base, ...change });
  const bytes = texts.flatMap(([path, text]): [string, Uint8Array][] =>
    text === undefined ? [] : [[path, new TextEncoder().encode(text)]],
  );
  return { files: new Map(bytes), tests: new Map() };
}

/** Throws where the sources are refused. */
export async function build(
  sources = makeSources(),
  options: Partial<BuildOptions> = {},
): Promise<BuiltBundle> {
  const result = await buildBundle(sources, { engine, guardrails, ...options });
  if (result.kind === 'built') return result.bundle;
  throw new Error(`refused: ${JSON.stringify(result.problems)}`);
}
