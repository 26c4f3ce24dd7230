// What stands beside the entries of a list. Entries were filtered by their names; anything else that names what is hidden
// goes, but for the cursor, without which there would be no next page.
import type { JsonObject } from '@cardea/schemas/json';
import type { Visible } from '../../resolve/visibility.ts';
import { listShapes } from '../lists/listKind.ts';
import { holdsHidden } from './hiddenNames.ts';

const kept: ReadonlySet<string> = new Set([
  ...listShapes.map(({ entriesKey }) => entriesKey),
  'cacheScope',
  'completion',
  'inputRequests',
  'instructions',
  'nextCursor',
  'resultType',
  'tasks',
  'ttlMs',
]);

/** The same object where there is nothing to clean. */
export function cleanList(result: JsonObject, visible: Visible): JsonObject {
  const members = Object.entries(result);
  const shown = members.filter(([key, value]) => kept.has(key) || !holdsHidden({ [key]: value }, visible));
  return shown.length === members.length ? result : Object.fromEntries(shown);
}
