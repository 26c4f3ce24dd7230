// Which parts of a result have to be looked at before a client sees it. What it is decides, not what was asked for: a list
// is a list wherever it comes.
import type { JsonObject } from '@cardea/schemas/json';
import { listShapes } from '../lists/listKind.ts';
import { declareKeys, isFolded } from './declaredKeys.ts';

/** `folded`: to some readers it has such a part, to others not. */
export type ResultParts = 'none' | 'some' | 'folded';

const judged = declareKeys(
  ...listShapes.map(({ entriesKey }) => entriesKey),
  'completion',
  'inputRequests',
  'instructions',
  'requestState',
  'task',
  'taskId',
  'tasks',
);

/** They say how to read the rest, and are judged by nobody. */
const telling = declareKeys('resultType', 'cacheScope');

/** Most results hold these and nothing else. */
const plain = new Set([
  'content',
  'structuredContent',
  'isError',
  '_meta',
  'resultType',
  'messages',
  'contents',
]);

export function findParts(result: JsonObject): ResultParts {
  let parts: ResultParts = 'none';
  for (const key in result) {
    if (plain.has(key)) continue;
    if (judged.keys.has(key)) parts = 'some';
    else if (isFolded(key, judged) || isFolded(key, telling)) return 'folded';
  }
  return parts;
}
