import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Secret } from '../config/secret.ts';
import { makeUpstreamHeaders } from './upstreamHeaders.ts';

const ours = { host: 'up.example', 'accept-encoding': 'identity' };
const make = (headers: IncomingHttpHeaders, credential?: { header: string; value: Secret }): object =>
  makeUpstreamHeaders(headers, 'up.example', credential);

describe('makeUpstreamHeaders', () => {
  it('passes what the protocol needs', () => {
    const passed = {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'last-event-id': '1',
      'mcp-method': 'tools/call',
      'mcp-name': 'a',
      'mcp-protocol-version': '2026-07-28',
      'mcp-param-region': 'eu',
      origin: 'https://app.example',
      traceparent: '00-1-2-01',
      tracestate: 'a=b',
      'user-agent': 'x',
    };
    expect(make(passed)).toEqual({ ...passed, ...ours });
  });

  it.each([
    'authorization',
    // What our clients call it says nothing to servers.
    'mcp-session-id',
    'proxy-authorization',
    'cookie',
    'cookie2',
    'set-cookie',
    'x-api-key',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-real-ip',
    'forwarded',
    'via',
    'host',
    'connection',
    'keep-alive',
    'upgrade',
    'te',
    'trailer',
    'transfer-encoding',
    'content-length',
    'content-encoding',
    'accept-encoding',
    'expect',
    'range',
    'if-none-match',
    'x-http-method-override',
    'mcp-paramregion',
    'x-mcp-param-region',
    'baggage',
  ])('does not pass %s', (name) => {
    expect(make({ [name]: 'x' })).toEqual(ours);
  });

  it('passes nothing but what it lists, whatever comes', () => {
    const name = fc.string({
      unit: fc.constantFrom('a', 'c', 'o', 'k', 'i', 'e', '-', 'm', 'p', '_'),
      minLength: 1,
    });
    fc.assert(
      fc.property(fc.dictionary(name, fc.string()), (headers) => {
        expect(make(headers)).toEqual(ours);
      }),
    );
  });

  it.each(['authorization', 'x-api-key', 'user-agent', 'mcp-param-key', 'origin'])(
    'lets no client stand in for the credential in %s',
    (header) => {
      const credential = { header, value: new Secret('Bearer ours') };
      expect(make({ [header]: 'theirs' }, credential)).toEqual({ ...ours, [header]: 'Bearer ours' });
    },
  );

  it('passes no credential of the client where the server wants none', () => {
    expect(make({ authorization: 'Bearer theirs' })).toEqual(ours);
  });
});
