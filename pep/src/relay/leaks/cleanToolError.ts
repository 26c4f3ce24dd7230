// What a tool says of its failure is the server's text, as an error is: "Available: read, export_customers". Results of
// calls that did not fail are content, which the call was allowed for.
import { isJsonObject, type JsonObject } from '@cardea/schemas/json';
import { memberOf } from '../../admit/message.ts';
import type { Visible } from '../../resolve/visibility.ts';
import { neutralMessage } from './cleanError.ts';
import { holdsHidden } from './hiddenNames.ts';

/** Of a tool; a task holds the result of its own within. */
export function isToolError(result: JsonObject): boolean {
  const inner = memberOf(result, 'result');
  return failed(result) || (isJsonObject(inner) && failed(inner));
}

/** The same object where there is nothing to clean. */
export function cleanToolError(result: JsonObject, visible: Visible): JsonObject {
  const inner = memberOf(result, 'result');
  if (isJsonObject(inner) && failed(inner) && holdsHidden(inner, visible)) {
    return { ...result, result: neutralResult };
  }
  if (!failed(result) || !holdsHidden(result, visible)) return result;
  const { resultType } = result;
  return { ...neutralResult, ...(resultType === undefined ? {} : { resultType }) };
}

function failed(result: JsonObject): boolean {
  return memberOf(result, 'isError') === true;
}

const neutralResult: JsonObject = { content: [{ type: 'text', text: neutralMessage }], isError: true };
