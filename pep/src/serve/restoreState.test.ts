import { describe, expect, it } from '@jest/globals';
import { sampleIdentity } from '../../test/sampleIdentity.ts';
import { readMessages } from '../admit/readMessages.ts';
import { RequestStates } from '../sessions/requestStates.ts';
import { makeSealing } from '../sessions/sealing.ts';
import { restoreState } from './restoreState.ts';

const states = new RequestStates(makeSealing({ organisation: '', keys: [], limits: undefined }), () => 0);
const asker = { era: 'stateless', server: 'desk', identity: sampleIdentity('ann') } as const;
const limits = { bodyBytesMax: 10_000, jsonDepthMax: 10, batchMessagesMax: 2 };

const params = { name: 'refund', arguments: { amount: 1 } };
const state = 'a "state"\n of ü';
const sealed = states.seal(state, { ...asker, method: 'tools/call', params });

function restore(text: string, era: 'legacy' | 'stateless' = 'stateless'): string {
  const bytes = Buffer.from(text);
  const call = { bytes, body: readMessages(bytes, limits), asker: { ...asker, era } };
  return restoreState(call, states).toString();
}

describe('restoreState', () => {
  it.each([
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"refund","arguments":{"amount":1},"requestState":STATE}}',
    ' { "params" :\t{ "request\\u0053tate" : STATE , "arguments":{"amount":1.0}, "name":"re\\u0066und",\n"_meta":{"requestState":"x","n":1.50}},"method":"tools\\/call","jsonrpc":"2.0","id":"requestState" }\n',
    '{"id":1,"jsonrpc":"2.0","method":"tools/call","params":{"inputResponses":{"requestState":STATE},"requestState":STATE,"name":"refund","arguments":{"amount":1}}}',
  ])('gives the server its own state, and every other byte as it came: %s', (text) => {
    const place = text.lastIndexOf('STATE');
    const write = (literal: string): string =>
      text.slice(0, place).replace('STATE', '"kept"') + literal + text.slice(place + 5);
    expect(restore(write(JSON.stringify(sealed)))).toBe(write(JSON.stringify(state)));
  });

  it.each([
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"refund","arguments":{"requestState":"x"}}}',
    '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestState":"x"}}',
  ])('leaves alone what holds none: %s', (text) => {
    expect(restore(text)).toBe(text);
  });

  it('leaves alone what means nothing in the era of sessions', () => {
    const text = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","requestState":"x"}}';
    expect(restore(text, 'legacy')).toBe(text);
  });

  it('refuses any other', () => {
    const text = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay","requestState":"${sealed}"}}`;
    expect(() => restore(text)).toThrow('the requestState is none that was given for this call');
  });
});
