// GET /v1/authority/stream: the signed statements of what is current, relayed byte for byte as they came. Receivers
// verify them; this service only carries them.
import type { Answer, Endpoint, Sink } from '../http/call.ts';
import { Gate } from '../http/gate.ts';
import { shareOf } from '../limits.ts';
import type { Authority } from '../serving/standing.ts';
import type { State } from '../serving/state.ts';
import type { Services } from './services.ts';

export function authorityStreamEndpoint({ state, limits }: Services): Endpoint {
  const { streamsMax } = limits;
  const gate = new Gate({ max: streamsMax, shareMax: shareOf(streamsMax, limits), things: 'streams' });
  return {
    method: 'GET',
    path: '/v1/authority/stream',
    kind: 'guarded',
    callers: ['proxy', 'author'],
    handle: ({ caller }): Answer => {
      gate.enter(caller.name);
      return {
        kind: 'stream',
        type: 'text/event-stream',
        start: (sink) => {
          const stop = relay(state, sink);
          return () => {
            gate.leave(caller.name);
            stop();
          };
        },
      };
    },
  };
}

function relay(state: State, sink: Sink): () => void {
  const send = ({ bytes }: Authority): void => {
    if (!sink.write(writeEvent(bytes))) stop();
  };
  const stop = state.follow({ onAuthority: send, onDrain: sink.end });
  if (state.authority !== undefined) send(state.authority);
  return stop;
}

/** The lines of a statement are the data lines of an event: joined again by line feeds they are the same bytes. */
function writeEvent(bytes: Uint8Array): string {
  const lines = Buffer.from(bytes).toString('utf8').split('\n');
  return `event: authority\n${lines.map((line) => `data: ${line}\n`).join('')}\n`;
}
