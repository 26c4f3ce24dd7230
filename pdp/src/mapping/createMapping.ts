// Which words a bundle understands, by its profile.
import type { CompiledBundle } from '@cardea/bundles';
import type { Mapping } from './mapping.ts';
import { McpMapping } from './mcp/mcpMapping.ts';
import { PlainMapping } from './plain/plainMapping.ts';

export function createMapping({
  profile,
  catalogs,
  entities,
  settings,
}: Pick<CompiledBundle, 'profile' | 'catalogs' | 'entities' | 'settings'>): Mapping {
  if (profile === 'plain') return new PlainMapping(entities);
  const counters = settings.counters.map(({ name }) => name);
  return new McpMapping(catalogs, counters);
}
