// Errors say what they know: "did you mean export_customers?" tells of a tool that this identity must not learn of. Such
// an error keeps its code and nothing else.
import type { JsonObject } from '@cardea/schemas/json';
import { memberOf } from '../../admit/message.ts';
import { declareKeys, holdsFolded } from '../frames/declaredKeys.ts';
import type { Visible } from '../../resolve/visibility.ts';
import { hidesNothing, holdsHidden } from './hiddenNames.ts';

export const neutralMessage = 'The server could not do that.';
const errorKeys = declareKeys('code', 'message', 'data');

/** The same object where there is nothing to clean. */
export function cleanError(error: JsonObject, visible: Visible): JsonObject {
  const isTelling = holdsFolded(error, errorKeys) || holdsHidden(error, visible);
  return !hidesNothing(visible) && isTelling ? neutralError(error) : error;
}

export function neutralError(error: JsonObject): JsonObject {
  return { code: memberOf(error, 'code') ?? 0, message: neutralMessage };
}
