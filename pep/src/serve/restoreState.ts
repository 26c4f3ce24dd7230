// The bytes of a request with the server's own state in them, in the place of what its client has of it. Every other byte
// is the one that was judged.
import { replaceValue } from '@cardea/schemas/json';
import { memberOf } from '../admit/message.ts';
import type { Body } from '../admit/readMessages.ts';
import type { RequestStates } from '../sessions/requestStates.ts';
import type { Asker } from './judge.ts';

interface Call {
  readonly bytes: Buffer;
  readonly body: Body;
  readonly asker: Pick<Asker, 'era' | 'server' | 'identity'>;
}

/** Throws Refusal `unknown_state`. */
export function restoreState({ bytes, body, asker }: Call, states: RequestStates): Buffer {
  const [message] = body.messages;
  const { era, server, identity } = asker;
  // Arrays are none of the stateless era.
  if (era !== 'stateless' || message?.kind !== 'request') return bytes;
  const { method, params } = message;
  const sealed = memberOf(params, 'requestState');
  if (sealed === undefined) return bytes;
  const state = states.open(sealed, { server, identity, method, params });
  const restored = replaceValue(bytes, '/params/requestState', JSON.stringify(state));
  return restored === undefined ? bytes : Buffer.from(restored);
}
