// The entities that a catalog puts into a bundle: what is called, who owns it, and the actions with their groups.

import type { CedarEntity, CedarRecord, EntityUid } from '../cedar/index.ts';
import { effects, entityKey, toolCallAction } from '../cedar/index.ts';
import type { Catalog, ReviewedDefinition, ToolDefinition } from './catalog.ts';
import { qualifyName } from './catalog.ts';
import { toolActionGroups } from './toolSchema.ts';

/**
 * Sorted by type and id, each once. Groups, toolsets and the common action groups are the same in every catalog that
 * names them, so that catalogs can be joined by key. The owner's Group has no parents here: where a directory knows
 * the group, its entity is the one to use.
 */
export function toolEntities(catalog: Catalog): CedarEntity[] {
  const { server, tools, prompts, resources, resourceTemplates } = catalog;
  const entities: CedarEntity[] = [
    bareEntity({ type: 'Group', id: server.owner }),
    { uid: serverUid(catalog), attrs: placeAttributes(catalog), parents: [] },
    ...tools.flatMap((tool) => tool.toolsets ?? []).map((id) => bareEntity({ type: 'Toolset', id })),
    ...tools.map((tool) => toolEntity(catalog, tool)),
    ...prompts.map((prompt) => offeredEntity(catalog, { type: 'Prompt', id: prompt.name }, prompt)),
    ...resources.map((resource) => offeredEntity(catalog, { type: 'Resource', id: resource.uri }, resource)),
    ...resourceTemplates.map((template) =>
      offeredEntity(catalog, { type: 'Resource', id: template.uriTemplate }, template),
    ),
    ...[toolCallAction, ...effects, server.id].map((id) => bareEntity(actionUid(id))),
    ...tools.map((tool) => toolAction(catalog, tool)),
  ];
  const unique = new Map(entities.map((entity) => [entityKey(entity.uid), entity]));
  return [...unique].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, entity]) => entity);
}

function toolEntity(catalog: Catalog, tool: ToolDefinition): CedarEntity {
  const { uid, attrs, parents } = offeredEntity(catalog, { type: 'Tool', id: tool.name }, tool);
  const toolsets = [...new Set(tool.toolsets ?? [])].sort().map((id) => ({ type: 'Toolset', id }));
  return { uid, attrs: { ...attrs, effect: tool.effect }, parents: [...parents, ...toolsets] };
}

/** `named.id` is the name within the server. */
function offeredEntity(catalog: Catalog, named: EntityUid, definition: ReviewedDefinition): CedarEntity {
  return {
    uid: { type: named.type, id: qualifyName(catalog.server.id, named.id) },
    attrs: { ...placeAttributes(catalog), approved: definition.review === 'approved' },
    parents: [serverUid(catalog)],
  };
}

function toolAction(catalog: Catalog, tool: ToolDefinition): CedarEntity {
  const groups = toolActionGroups(catalog.server.id, tool);
  return {
    uid: actionUid(qualifyName(catalog.server.id, tool.name)),
    attrs: {},
    parents: groups.map(actionUid),
  };
}

function placeAttributes({ server }: Catalog): CedarRecord {
  const owner = { __entity: { type: 'Group', id: server.owner } };
  return { owner, risk: server.risk, environment: server.environment };
}

function bareEntity(uid: EntityUid): CedarEntity {
  return { uid, attrs: {}, parents: [] };
}

function serverUid({ server }: Catalog): EntityUid {
  return { type: 'Server', id: server.id };
}

function actionUid(id: string): EntityUid {
  return { type: 'Action', id };
}
