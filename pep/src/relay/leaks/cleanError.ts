// Errors say what they know: "did you mean export_customers?" tells of a tool that this identity must not learn of. Such
// an error keeps its code and nothing else.
import { isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { memberOf } from '../../admit/message.ts';
import { declareKeys, holdsFolded } from '../frames/declaredKeys.ts';
import { namesHidden } from './hiddenNames.ts';

const neutralMessage = 'The server could not do that.';
const errorKeys = declareKeys('code', 'message', 'data');

/** The same object where there is nothing to clean. */
export function cleanError(error: JsonObject, hidden: ReadonlySet<string>): JsonObject {
  return hidden.size > 0 && tellsHidden(error, hidden) ? neutralError(error) : error;
}

export function neutralError(error: JsonObject): JsonObject {
  return { code: memberOf(error, 'code') ?? 0, message: neutralMessage };
}

function tellsHidden(error: JsonObject, hidden: ReadonlySet<string>): boolean {
  return holdsFolded(error, errorKeys) || holdsHidden(error, hidden);
}

function holdsHidden(value: JsonValue, hidden: ReadonlySet<string>): boolean {
  if (typeof value === 'string') return namesHidden(value, hidden);
  if (Array.isArray(value)) {
    return (value as readonly JsonValue[]).some((element) => holdsHidden(element, hidden));
  }
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(
    ([key, member]) => namesHidden(key, hidden) || holdsHidden(member, hidden),
  );
}
