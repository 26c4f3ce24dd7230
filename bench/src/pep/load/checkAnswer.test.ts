import { describe, expect, it } from '@jest/globals';
import { findFault } from './checkAnswer.ts';

const call = { id: 7, note: 'thanks' };
const result = JSON.stringify({
  jsonrpc: '2.0',
  id: 7,
  result: { content: [{ type: 'text', text: 'thanks' }] },
});
const answer = { status: 200, isEventStream: false, sessionId: undefined, body: result };

describe('findFault', () => {
  it.each([
    ['JSON', answer],
    [
      'an event stream that begins with an empty event',
      { ...answer, isEventStream: true, body: `id: 1\ndata: \n\nevent: message\ndata: ${result}\n\n` },
    ],
  ])('takes the result as %s', (_, taken) => {
    expect(findFault(taken, call)).toBeUndefined();
  });

  it.each([
    ['an error', { ...answer, body: '{"jsonrpc":"2.0","id":7,"error":{"code":-32000,"message":"no"}}' }],
    ['another status', { ...answer, status: 202 }],
    ['the result of another call', { ...answer, body: result.replace('7', '8') }],
    ['another result', { ...answer, body: result.replace('thanks', 'no') }],
    ['what is no JSON', { ...answer, body: 'no' }],
    ['null', { ...answer, body: 'null' }],
    ['an event stream without it', { ...answer, isEventStream: true, body: ': nothing\n\n' }],
  ])('does not take %s', (_, refused) => {
    expect(findFault(refused, call)).toContain('not the result of call 7');
  });
});
