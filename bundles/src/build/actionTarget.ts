// What a policy of profile `mcp` can be about: each tool's action with its resource, and which of them a scope covers.
// The answer may be too wide, never too narrow: what is covered is validated.

import type { CompiledPolicy } from '@cardea/engine';
import { entityKey, methodActions, type EntityUid } from '@cardea/schemas/cedar';
import { qualifyName, toolActionGroups, type Catalog, type ToolDefinition } from '@cardea/schemas/mcp';

export interface ActionTarget {
  readonly server: string;
  readonly tool: ToolDefinition;
  /** Key of the tool's action. */
  readonly action: string;
  /** Keys of the groups that the action is in. */
  readonly actionGroups: ReadonlySet<string>;
  /** Key of the tool. */
  readonly resource: string;
  /** Keys of what the tool is in: its server and toolsets. */
  readonly resourceGroups: ReadonlySet<string>;
}

const actionType = 'Action';

export function listTargets(catalogs: readonly Catalog[]): ActionTarget[] {
  return catalogs.flatMap(({ server, tools }) => tools.map((tool) => makeTarget(server.id, tool)));
}

function makeTarget(server: string, tool: ToolDefinition): ActionTarget {
  const id = qualifyName(server, tool.name);
  const groups = toolActionGroups(server, tool).map((group) => keyOf(actionType, group));
  const toolsets = (tool.toolsets ?? []).map((toolset) => keyOf('Toolset', toolset));
  return {
    server,
    tool,
    action: keyOf(actionType, id),
    actionGroups: new Set(groups),
    resource: keyOf('Tool', id),
    resourceGroups: new Set([keyOf('Server', server), ...toolsets]),
  };
}

type Scope = CompiledPolicy['scope'];

export function coversTarget({ action, resource }: Scope, target: ActionTarget): boolean {
  if (resource.type !== undefined && resource.type !== 'Tool') return false;
  return (
    reaches(action, target.action, target.actionGroups) &&
    reaches(resource, target.resource, target.resourceGroups)
  );
}

/** Whether the scope covers any action of the protocol itself. */
export function coversMethods({ action, resource }: Scope): boolean {
  const methods = Object.keys(methodActions).map((method) => keyOf(actionType, method));
  return (
    (action.keys === undefined || methods.some((method) => action.keys?.includes(method) === true)) &&
    resource.type !== 'Tool' &&
    // Tools and toolsets hold nothing that a method is about.
    (resource.keys === undefined || resource.keys.some((key) => !/^(?:Tool|Toolset)\0/.test(key)))
  );
}

function reaches(side: Scope['action'], key: string, groups: ReadonlySet<string>): boolean {
  if (side.keys === undefined) return true;
  return side.keys.some((named) => named === key || (!side.exact && groups.has(named)));
}

/** Every action that a policy names, in its scope or its conditions. */
export function mentionedActions(policy: CompiledPolicy): ReadonlySet<string> {
  const literals = policy.uses.literals.map(entityKey);
  const named = [...(policy.scope.action.keys ?? []), ...literals];
  return new Set(named.filter((key) => key.startsWith(`${actionType}\0`)));
}

function keyOf(type: EntityUid['type'], id: string): string {
  return entityKey({ type, id });
}
