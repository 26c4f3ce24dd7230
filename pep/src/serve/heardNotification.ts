// Which notifications of a client its server gets to hear. Servers find what a notification is about by an id alone, and
// an id can be anybody's: only what this session has under way may be taken back, and only what was asked of this client
// has a progress to tell of. Everything else is acknowledged, as MCP wants it, and goes no further.
import { asId, idKey, memberOf, type RpcNotification } from '../admit/message.ts';
import type { Asker } from './judge.ts';

/** In the stateless era closing the stream takes a call back, and servers ask nothing that could have a progress. */
export function isHeard({ method, params }: RpcNotification, { era, session }: Asker): boolean {
  if (era === 'stateless') return false;
  switch (method) {
    case 'notifications/cancelled': {
      const id = asId(memberOf(params, 'requestId'));
      return id !== undefined && session?.asked.has(idKey(id)) === true;
    }
    case 'notifications/progress': {
      const token = asId(memberOf(params, 'progressToken'));
      return token !== undefined && [...(session?.questions.values() ?? [])].includes(token);
    }
    default:
      return true;
  }
}
