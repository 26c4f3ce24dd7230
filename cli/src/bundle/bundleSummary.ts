// What a bundle is, in a few lines, and as one JSON object.
import type { Counter, OpenedBundle } from '@cardea/bundles/open';
import { escapeUnprintable } from '../report/printable.ts';

export interface BundleSummary {
  readonly bundle: string;
  readonly organisation: string;
  readonly profile: string;
  readonly semantics: number;
  readonly engine: { readonly version: string; readonly digest: string };
  /** Ids, sorted. */
  readonly policies: readonly string[];
  readonly servers: readonly ServerSummary[];
  readonly counters: readonly Counter[];
}

interface ServerSummary {
  readonly id: string;
  readonly owner: string;
  readonly tools: readonly { readonly name: string; readonly effect: string; readonly review: string }[];
}

export function summariseBundle({ digest, manifest, catalogs, settings }: OpenedBundle): BundleSummary {
  const { organisation, profile, semantics, engine, policies } = manifest;
  return {
    bundle: digest,
    organisation,
    profile,
    semantics,
    engine,
    policies: Object.keys(policies).sort(),
    servers: catalogs.map(({ server, tools }) => ({
      id: server.id,
      owner: server.owner,
      tools: tools.map(({ name, effect, review }) => ({ name, effect, review })),
    })),
    counters: settings.counters,
  };
}

/** `sha256:... 18 policies, 8 tools of 1 server`. */
export function renderSummary({ bundle, policies, servers }: BundleSummary): string {
  const parts = [count(policies.length, 'policy', 'policies')];
  const tools = servers.reduce((sum, server) => sum + server.tools.length, 0);
  if (servers.length > 0) parts.push(`${count(tools, 'tool')} of ${count(servers.length, 'server')}`);
  return `${bundle} (${parts.join(', ')})\n`;
}

/** Everything that has a name. */
export function renderContents(summary: BundleSummary): string {
  const { organisation, profile, semantics, engine, policies, servers, counters } = summary;
  const lines = [
    summary.bundle,
    `organisation  ${organisation}`,
    `profile       ${profile}`,
    `semantics     ${semantics}`,
    `engine        ${engine.version} ${engine.digest}`,
    ...counters.map(
      ({ name, key, windowSeconds, sum }) =>
        `counter       ${name}: ${sum === undefined ? '' : `${sum.argument} of ${sum.tools.join(', ')} `}` +
        `per ${key} in ${windowSeconds} s`,
    ),
    '',
    count(policies.length, 'policy', 'policies'),
    ...policies.map((id) => `  ${id}`),
  ];
  for (const { id, owner, tools } of servers) {
    const width = Math.max(0, ...tools.map(({ name }) => name.length));
    lines.push('', `${count(tools.length, 'tool')} of ${id}, owned by ${owner}`);
    lines.push(...tools.map(({ name, effect, review }) => `  ${name.padEnd(width)}  ${effect}, ${review}`));
  }
  return `${escapeUnprintable(lines.join('\n'))}\n`;
}

function count(things: number, one: string, many = `${one}s`): string {
  return `${things} ${things === 1 ? one : many}`;
}
