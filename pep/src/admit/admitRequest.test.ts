import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { Refusal } from '@cardea/schemas/codes';
import { admitRequest, requireJsonBody } from './admitRequest.ts';

const options = {
  allowedHosts: new Set(['proxy.example', '127.0.0.1', '[::1]', 'ported.example:8443']),
  allowedOrigins: new Set(['https://app.example']),
};

/** As node gives it: names in lower case, most repeated ones joined. */
function incoming(lines: readonly (readonly [string, string])[]): IncomingMessage {
  const headers: Record<string, string> = {};
  for (const [name, value] of lines) headers[name.toLowerCase()] ??= value;
  return { headers, rawHeaders: lines.flat() } as unknown as IncomingMessage;
}

function codeOf(task: () => void): string {
  try {
    task();
    return 'taken';
  } catch (refusal) {
    if (refusal instanceof Refusal) return refusal.code;
    throw refusal;
  }
}

const host = ['Host', 'proxy.example'] as const;

describe('admitRequest', () => {
  const admit = (...lines: (readonly [string, string])[]): string =>
    codeOf(() => {
      admitRequest(incoming(lines), options);
    });

  it.each([
    'proxy.example',
    'PROXY.example',
    'proxy.example:80',
    '127.0.0.1:65535',
    '[::1]:8471',
    'ported.example:8443',
  ])('takes the host %s', (name) => {
    expect(admit(['Host', name])).toBe('taken');
  });

  it.each([
    '',
    'evil.example',
    'evil.example:80',
    'proxy.example.evil.example',
    'proxy.example@evil.example',
    'evil.example/proxy.example',
    'proxy.example:80:80',
    'proxy.example:',
    'proxy.example.',
    'ported.example',
    'ported.example:8444',
    '::1',
    '127.0.0.2',
    'proxy.example, evil.example',
  ])('refuses the host %j', (name) => {
    expect(admit(['Host', name])).toBe('foreign_origin');
  });

  it('refuses a request without a host', () => {
    expect(admit()).toBe('foreign_origin');
  });

  it.each(['https://app.example', 'http://proxy.example', 'https://proxy.example'])(
    'takes the origin %s',
    (origin) => {
      expect(admit(host, ['Origin', origin])).toBe('taken');
    },
  );

  it.each([
    '',
    'null',
    'http://app.example',
    'https://app.example:443',
    'https://app.example.evil.example',
    'https://evil.example',
    'http://proxy.example:81',
    'ws://proxy.example',
    'proxy.example',
  ])('refuses the origin %j', (origin) => {
    expect(admit(host, ['Origin', origin])).toBe('foreign_origin');
  });

  it('does not take the origin of a rebound name for its own', () => {
    expect(admit(['Host', 'evil.example'], ['Origin', 'http://evil.example'])).toBe('foreign_origin');
  });

  it.each([
    'Host',
    'ORIGIN',
    'Authorization',
    'content-type',
    'Content-Length',
    'Content-Encoding',
    'Transfer-Encoding',
    'Last-Event-ID',
    'Mcp-Method',
    'MCP-NAME',
    'Mcp-Protocol-Version',
    'mcp-session-id',
  ])('refuses two of %s, even if they agree', (name) => {
    expect(admit(['Host', 'proxy.example'], [name, 'x'], [name.toLowerCase(), 'x'])).toBe('invalid_request');
  });

  it('takes two of what means nothing here', () => {
    expect(admit(host, ['Accept', 'a'], ['Accept', 'b'], ['X', 'a'], ['X', 'b'])).toBe('taken');
  });
});

describe('requireJsonBody', () => {
  const ofType = (type: string, more: Record<string, string> = {}): string =>
    codeOf(() => {
      requireJsonBody({ headers: { 'content-type': type, ...more } } as unknown as IncomingMessage);
    });

  it.each([
    'application/json',
    'Application/JSON',
    'application/json;',
    'application/json; charset=utf-8',
    'application/json ;charset="UTF-8"',
  ])('takes %s', (type) => {
    expect(ofType(type)).toBe('taken');
  });

  it.each([
    '',
    'text/json',
    'application/jsonp',
    'application/json-seq',
    'application/json, text/plain',
    'text/plain; application/json',
    'application/json; charset=utf-16',
    'application/json; charset=utf-8; charset=utf-16',
    'application/json; charset=utf-8x',
    'application/json; profile=x',
    '*/*',
  ])('refuses %j', (type) => {
    expect(ofType(type)).toBe('unsupported_media_type');
  });

  it.each<Record<string, string>>([
    { 'content-encoding': 'gzip' },
    { 'content-encoding': 'identity, br' },
    { 'content-encoding': '' },
    { 'transfer-encoding': 'gzip, chunked' },
    { 'transfer-encoding': 'identity' },
  ])('refuses a coding of the body: %j', (more) => {
    expect(ofType('application/json', more)).toBe('unsupported_media_type');
  });

  it('takes a body in chunks', () => {
    expect(ofType('application/json', { 'transfer-encoding': 'Chunked' })).toBe('taken');
  });
});
