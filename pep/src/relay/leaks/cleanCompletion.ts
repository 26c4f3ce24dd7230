// Completions offer names and URIs one by one, and are cleaned one by one.
import { Refusal } from '@cardea/schemas/codes';
import { isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { memberOf } from '../../admit/message.ts';
import { declareKeys, holdsFolded } from '../frames/declaredKeys.ts';
import type { Visible } from '../../resolve/visibility.ts';
import { completesHidden } from './completedUri.ts';
import { hidesNothing, namesHidden } from './hiddenNames.ts';

const completionKeys = declareKeys('values', 'total', 'hasMore');

/** `params` are those of the request. The same object where there is nothing to clean. Throws Refusal `upstream_invalid` where nobody can tell. */
export function cleanCompletion(
  result: JsonObject,
  visible: Visible,
  params: JsonObject | undefined,
): JsonObject {
  const completion = memberOf(result, 'completion');
  if (hidesNothing(visible) || completion === undefined) return result;
  const values = isJsonObject(completion) ? memberOf(completion, 'values') : undefined;
  if (!isJsonObject(completion) || !Array.isArray(values) || holdsFolded(completion, completionKeys)) {
    throw new Refusal('upstream_invalid', 'the server answered with a completion that is none');
  }
  const all = values as readonly JsonValue[];
  const isShown = (value: JsonValue): boolean =>
    typeof value === 'string' && !namesHidden(value, visible) && !completesHidden(value, params, visible);
  const shown = all.filter(isShown);
  if (shown.length === all.length) return result;
  const total = memberOf(completion, 'total');
  const counted =
    typeof total === 'number' ? { total: Math.max(total - (all.length - shown.length), shown.length) } : {};
  return { ...result, completion: { ...completion, values: shown, ...counted } };
}
