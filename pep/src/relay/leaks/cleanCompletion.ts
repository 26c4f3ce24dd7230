// Completions offer names and URIs one by one, and are cleaned one by one.
import { Refusal } from '@cardea/schemas/codes';
import { isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { memberOf } from '../../admit/message.ts';
import { declareKeys, holdsFolded } from '../frames/declaredKeys.ts';
import { namesHidden } from './hiddenNames.ts';

const completionKeys = declareKeys('values', 'total', 'hasMore');

/** The same object where there is nothing to clean. Throws Refusal `upstream_invalid` where nobody can tell. */
export function cleanCompletion(result: JsonObject, hidden: ReadonlySet<string>): JsonObject {
  const completion = memberOf(result, 'completion');
  if (hidden.size === 0 || completion === undefined) return result;
  const values = isJsonObject(completion) ? memberOf(completion, 'values') : undefined;
  if (!isJsonObject(completion) || !Array.isArray(values) || holdsFolded(completion, completionKeys)) {
    throw new Refusal('upstream_invalid', 'the server answered with a completion that is none');
  }
  const all = values as readonly JsonValue[];
  const shown = all.filter((value) => typeof value === 'string' && !namesHidden(value, hidden));
  if (shown.length === all.length) return result;
  const total = memberOf(completion, 'total');
  const counted =
    typeof total === 'number' ? { total: Math.max(total - (all.length - shown.length), shown.length) } : {};
  return { ...result, completion: { ...completion, values: shown, ...counted } };
}
