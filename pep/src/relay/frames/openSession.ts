// A session begins with the server's answer to `initialize`, before the client has it: the client's next message may be
// on its way at once.
import { Refusal } from '@cardea/schemas/codes';
import { isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { legacyVersions } from '../../admit/era.ts';
import { memberOf } from '../../admit/message.ts';
import type { Exchange } from '../exchange.ts';
import type { ChangingList } from '../lists/listKind.ts';
import { declareKeys, holdsFolded } from './declaredKeys.ts';

const initializeKeys = declareKeys('protocolVersion', 'capabilities', 'serverInfo');
const changingLists: readonly ChangingList[] = ['tools', 'prompts', 'resources'];

/** Throws Refusal `upstream_invalid` for a revision that the proxy does not know, and what `openSession` throws. */
export function openSession(result: JsonObject, exchange: Exchange): void {
  const { head, context, options } = exchange;
  const protocol = memberOf(result, 'protocolVersion');
  if (typeof protocol !== 'string' || !legacyVersions.has(protocol) || holdsFolded(result, initializeKeys)) {
    throw new Refusal('upstream_invalid', 'the server wants a revision of MCP that the proxy does not know');
  }
  const capabilities = memberOf(result, 'capabilities');
  const changing = changingLists.filter((list) => tellsOfChanges(capabilities, list));
  const opening = { id: head.sessionId, protocol, changing: new Set(changing) };
  exchange.opened = options.openSession(context, opening);
}

function tellsOfChanges(capabilities: JsonValue | undefined, list: ChangingList): boolean {
  const capability = isJsonObject(capabilities) ? memberOf(capabilities, list) : undefined;
  return isJsonObject(capability) && memberOf(capability, 'listChanged') === true;
}
