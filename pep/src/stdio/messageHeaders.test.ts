// What is written here is what admission wants: headers made from a body agree with it, whatever it says.
import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { reconcile, requireMirrored } from '../admit/headers.ts';
import type { Message } from '../admit/message.ts';
import { makeMessageHeaders } from './messageHeaders.ts';

const claims = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
const mirrored = [{ path: ['region', 'name'], header: 'Region' }];

const call = (name: string, args: Record<string, unknown>): Message => ({
  kind: 'request',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: args, _meta: claims } as never,
});

describe('makeMessageHeaders', () => {
  it('agrees with the body, for any name and any argument', () => {
    const values = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean());
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), values, (name, value) => {
        const args = { region: { name: value } };
        const headers = makeMessageHeaders(call(name, args), () => mirrored);
        for (const text of Object.values(headers)) expect(text).toMatch(/^[\x20-\x7e]*$/);
        expect(reconcile(call(name, args), headers)).toMatchObject({ era: 'stateless' });
        requireMirrored(mirrored, args, headers, true);
      }),
    );
  });

  it.each<[string, Message]>([
    ['of the era with sessions', { kind: 'request', id: 1, method: 'tools/list', params: undefined }],
    ['that answers', { kind: 'response', id: 1, outcome: { kind: 'result', result: {} } }],
  ])('has nothing to say of a message %s', (_, message) => {
    expect(makeMessageHeaders(message, () => mirrored)).toEqual({});
  });

  it('repeats no argument that is not there', () => {
    expect(Object.keys(makeMessageHeaders(call('a', {}), () => mirrored))).toEqual([
      'mcp-protocol-version',
      'mcp-method',
      'mcp-name',
    ]);
  });

  it('leaves a claim that nobody knows to whoever refuses it', () => {
    const params = { _meta: { 'io.modelcontextprotocol/protocolVersion': '2099-01-01' } };
    const message: Message = { kind: 'request', id: 1, method: 'tools/list', params };
    const headers = makeMessageHeaders(message, () => []);
    expect(() => reconcile(message, headers)).toThrow(
      expect.objectContaining({ code: 'unsupported_protocol' }),
    );
  });
});
