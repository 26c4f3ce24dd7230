import { describe, expect, it } from '@jest/globals';
import type { Exchange } from './exchange.ts';
import { makeContext } from './scene/makeContext.ts';
import { clientHeaders, readHead, type Media } from './replyHead.ts';

const headOf = (...rawHeaders: string[]): ReturnType<typeof readHead> =>
  readHead({ rawHeaders, statusCode: 200 });

describe('the kind of a reply', () => {
  it.each<[string, Media]>([
    ['application/json', 'json'],
    ['Application/JSON', 'json'],
    ['application/json; charset=utf-8', 'json'],
    ['application/json;charset="UTF-8"', 'json'],
    ['application/json ; profile=x', 'json'],
    ['text/event-stream', 'events'],
    ['TEXT/Event-Stream;charset=UTF8', 'events'],
    ['application/json; charset=utf-16', 'other'],
    ['application/json; charset=utf-7', 'other'],
    ['application/json, text/event-stream', 'other'],
    ['application/jsonp', 'other'],
    ['application/problem+json', 'other'],
    ['text/plain', 'other'],
    ['', 'other'],
  ])('%s is %s', (contentType, media) => {
    expect(headOf('Content-Type', contentType).media).toBe(media);
  });

  it('is open without a content type', () => {
    expect(headOf('date', 'today').media).toBe('absent');
  });

  it.each([
    ['two content types', ['content-type', 'application/json', 'Content-Type', 'text/event-stream']],
    ['two sessions', ['content-type', 'application/json', 'mcp-session-id', 'a', 'mcp-session-id', 'b']],
    ['a coding', ['content-type', 'application/json', 'Content-Encoding', 'gzip']],
  ])('is no kind that can be read with %s', (_name, headers) => {
    expect(headOf(...headers).media).toBe('other');
  });
});

describe('the headers of a reply', () => {
  it('let nobody keep it for others', () => {
    const head = headOf('Cache-Control', 'public, max-age=600');
    const exchange = { head, context: makeContext() } as Exchange;
    expect(clientHeaders(exchange, false)).toEqual(['cache-control', 'private, no-store']);
  });

  it('pass where they mean something to clients', () => {
    const { headers } = headOf(
      'Cache-Control',
      'no-cache',
      'Set-Cookie',
      'a=1',
      'Retry-After',
      '7',
      'Connection',
      'keep-alive',
      'WWW-Authenticate',
      'Bearer',
      'MCP-Protocol-Version',
      '2025-11-25',
      'Content-Length',
      '12',
      'Server',
      'x',
      'Allow',
      'POST',
    );
    expect(headers).toEqual(['retry-after', '7', 'mcp-protocol-version', '2025-11-25', 'allow', 'POST']);
  });
});
