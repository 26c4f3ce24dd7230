// Which words a bundle understands, by its profile.
import type { CompiledBundle } from '@cardea/bundles';
import type { Mapping } from './mapping.ts';
import { McpMapping } from './mcp/mcpMapping.ts';
import { PlainMapping } from './plain/plainMapping.ts';

export interface MappingParts extends Pick<CompiledBundle, 'profile' | 'catalogs' | 'entities' | 'settings'> {
  /** Keys of the entities that conditions name. Only for clients: without them there is nobody to keep from those. */
  readonly literals?: readonly string[];
}

export function createMapping({
  profile,
  catalogs,
  entities,
  settings,
  literals = [],
}: MappingParts): Mapping {
  if (profile === 'plain') return new PlainMapping(entities, literals);
  const counters = settings.counters.map(({ name }) => name);
  return new McpMapping(catalogs, counters);
}
