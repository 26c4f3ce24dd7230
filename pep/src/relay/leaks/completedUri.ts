// A value for a variable of a URI template, and what the template then names. Only whole URIs are looked at: what stands
// behind a value that leaves other variables open can be hidden or not.
import { isJsonObject, type JsonObject } from '@cardea/schemas/json';
import { memberOf } from '../../admit/message.ts';
import type { Visible } from '../../resolve/visibility.ts';
import { isHiddenResource } from '../lists/shownResource.ts';

/** Whether the resource that is hidden is what the value completes. `params` are those of the request. */
export function completesHidden(value: string, params: JsonObject | undefined, visible: Visible): boolean {
  const [ref, argument] = [memberOf(params, 'ref'), memberOf(params, 'argument')];
  if (!isJsonObject(ref) || !isJsonObject(argument)) return false;
  const [template, name] = [memberOf(ref, 'uri'), memberOf(argument, 'name')];
  if (typeof template !== 'string' || typeof name !== 'string') return false;
  const given = { ...givenBefore(params), [name]: value };
  return [(text: string): string => text, encodeURIComponent, encodeURI].some((encode) => {
    const uri = expand(template, given, encode);
    return uri !== undefined && isHiddenResource(uri, visible);
  });
}

/** Other variables of the template that the client has chosen (MCP 2025-11-25, Completion). */
function givenBefore(params: JsonObject | undefined): JsonObject {
  const context = memberOf(params, 'context');
  const given = isJsonObject(context) ? memberOf(context, 'arguments') : undefined;
  return isJsonObject(given) ? given : {};
}

const expression = /\{([+#./;?&]?)([^{}*:,]+)[*]?(?::\d+)?\}/g;
const between: ReadonlyMap<string, string> = new Map([
  ['#', '#'],
  ['.', '.'],
  ['/', '/'],
]);

/** Undefined where a variable stays open, or stands in a query of which nobody knows the form. */
function expand(template: string, given: JsonObject, encode: (text: string) => string): string | undefined {
  const uri = template.replace(expression, (whole, operator: string, name: string) => {
    const value = memberOf(given, name);
    if (typeof value !== 'string' || /[;?&]/.test(operator)) return whole;
    // Half a surrogate has no encoding; nor can a value look like a variable.
    const text = encode(value.toWellFormed()).replaceAll('{', '%7B');
    return (between.get(operator) ?? '') + text;
  });
  return uri.includes('{') ? undefined : uri;
}
