// The servers and tools that the workload is about, as reviewed catalogs: the same whatever the number of policies.
import type { CedarEntity } from '@cardea/schemas/cedar';
import { entityKey } from '@cardea/schemas/cedar';
import { qualifyName, toolEntities, type Catalog, type ToolDefinition } from '@cardea/schemas/mcp';
import { serverIds, toolCount, toolId } from './policies.ts';

export function listCatalogs(): Catalog[] {
  return serverIds.map((id) => ({
    server: { id, owner: 'platform', risk: 'low', environment: 'production' },
    tools: Array.from({ length: toolCount }, (_, at) => toolId(at))
      .filter((tool) => tool.startsWith(qualifyName(id, '')))
      .map((tool) => makeTool(tool.slice(id.length + 1))),
    prompts: [],
    resources: [],
    resourceTemplates: [],
  }));
}

export function listEntities(): CedarEntity[] {
  const entities = listCatalogs().flatMap(toolEntities);
  return [...new Map(entities.map((entity) => [entityKey(entity.uid), entity])).values()];
}

function makeTool(name: string): ToolDefinition {
  return {
    name,
    description: 'Moves money.',
    inputSchema: {
      type: 'object',
      properties: { amount: { type: 'integer' }, note: { type: 'string' } },
      required: ['amount'],
    },
    effect: 'write',
    review: 'approved',
  };
}
