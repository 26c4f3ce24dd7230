// Instructions tell models about everything that the server offers. Where they name something hidden they go as a whole:
// half an instruction is worse than none.
import type { JsonObject } from '@cardea/schemas/json';
import { memberOf } from '../../admit/message.ts';
import type { Visible } from '../../resolve/visibility.ts';
import { hidesNothing, namesHidden } from './hiddenNames.ts';

/** The same object where there is nothing to clean. */
export function cleanInstructions(result: JsonObject, visible: Visible): JsonObject {
  const instructions = memberOf(result, 'instructions');
  if (hidesNothing(visible) || instructions === undefined) return result;
  if (typeof instructions === 'string' && !namesHidden(instructions, visible)) return result;
  return Object.fromEntries(Object.entries(result).filter(([key]) => key !== 'instructions'));
}
