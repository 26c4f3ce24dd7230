// What a reviewer is asked to confirm, in front of a definition: it is read first, and changed first.
import { effects } from '@cardea/schemas/cedar';
import type { JsonObject } from '@cardea/schemas/json';
import { proposeDefinition, proposeTool } from '@cardea/schemas/mcp';
import type { DefinitionKind } from './definitionKind.ts';

export function proposeReview(kind: DefinitionKind, wire: JsonObject): JsonObject {
  const proposed = kind.noun === 'tool' ? proposeTool(wire) : proposeDefinition(wire);
  const first = [kind.nameField, 'review', 'effect', 'toolsets'];
  const names = [...first.filter((name) => Object.hasOwn(proposed, name)), ...Object.keys(proposed)];
  return Object.fromEntries([...new Set(names)].map((name) => [name, proposed[name] ?? null]));
}

/**
 * For a definition that has changed: what the reviewer thought of it before, where that is no more daring. An effect
 * is never lowered, and undeclared arguments are let through only where a reviewer says so of this very definition.
 */
export function repeatReview(proposed: JsonObject, before: JsonObject): JsonObject {
  const { effect: now } = proposed;
  const { effect: then, toolsets } = before;
  const careful = [now, then].map((effect) => effects.findIndex((known) => known === effect));
  return {
    ...proposed,
    ...(now === undefined ? {} : { effect: effects[Math.max(...careful)] ?? now }),
    ...(toolsets === undefined ? {} : { toolsets }),
  };
}
