// From what a server says of itself to what a reviewer is asked to confirm. Nothing here approves anything.

import type { Effect } from '../cedar/index.ts';
import type { JsonObject, JsonValue } from '../json/index.ts';
import { isJsonObject } from '../json/index.ts';
import { wireDefinition } from './catalog.ts';

const destructiveVerbs = new Set([
  'delete',
  'destroy',
  'drop',
  'erase',
  'kill',
  'purge',
  'remove',
  'revoke',
  'terminate',
  'truncate',
  'uninstall',
  'wipe',
]);

/**
 * What a tool probably does, by its server's hints: `readOnlyHint: true` is a read, `destructiveHint: false` a write,
 * everything else destructive, which is MCP's own default. Hints are the server's word (the specification calls them
 * untrusted), so a name that says otherwise (`delete_file`, `API-delete-a-block`) makes the proposal destructive.
 */
export function proposeEffect(annotations: JsonValue | undefined, name: string): Effect {
  if (!isJsonObject(annotations) || wordsOf(name).some((word) => destructiveVerbs.has(word)))
    return 'destructive';
  if (Object.hasOwn(annotations, 'readOnlyHint') && annotations['readOnlyHint'] === true) return 'read';
  const isAdditive =
    Object.hasOwn(annotations, 'destructiveHint') && annotations['destructiveHint'] === false;
  return isAdditive ? 'write' : 'destructive';
}

// `deleteFile`, `delete-file` and `DELETE_FILE` alike.
function wordsOf(name: string): string[] {
  const spaced = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2');
  return spaced.toLowerCase().split(/[^a-z0-9]+/);
}

/**
 * A tool's wire definition with pending review fields. Fields of these names that the server itself sent are dropped:
 * otherwise it could approve itself.
 */
export function proposeTool(wire: JsonObject): JsonObject {
  const name = Object.hasOwn(wire, 'name') ? wire['name'] : undefined;
  const annotations = Object.hasOwn(wire, 'annotations') ? wire['annotations'] : undefined;
  const effect = proposeEffect(annotations, typeof name === 'string' ? name : '');
  return Object.assign(wireDefinition(wire), { effect, review: 'pending' });
}

/** The same for a prompt, a resource or a resource template. */
export function proposeDefinition(wire: JsonObject): JsonObject {
  return Object.assign(wireDefinition(wire), { review: 'pending' });
}
