// Headers that say something else than the body, or come twice, or from elsewhere.
import type { Code } from '@cardea/schemas/codes';
import type { RequestParts } from '../../hostile/message.ts';
import { attack, callOf, malformed, passed, refused, rpc, stateless, type Attack } from './attack.ts';

const body = callOf('{"amount":1}');
const call = { name: 'refund', arguments: { amount: 1 } };
const base64 = (text: string): string => `=?base64?${Buffer.from(text).toString('base64')}?=`;

const single: readonly [Code, string, NonNullable<RequestParts['headers']>][] = [
  ['header_mismatch', 'another method', { 'mcp-method': 'tools/list' }],
  ['header_mismatch', 'the method in another case', { 'mcp-method': 'Tools/call' }],
  ['header_mismatch', 'another name', { 'mcp-name': 'open' }],
  ['header_mismatch', 'another name in base64', { 'mcp-name': base64('open') }],
  ['header_mismatch', 'a name in broken base64', { 'mcp-name': '=?base64?cmVmdW5k=?=' }],
  ['header_mismatch', 'a name beyond ASCII', { 'mcp-name': 'r\u00e9fund' }],
  ['header_mismatch', 'another region', { 'mcp-param-region': 'us' }],
  ['unsupported_protocol', 'a revision of nobody', { 'mcp-protocol-version': '2099-01-01' }],
  ['unsupported_protocol', 'two revisions in one', { 'mcp-protocol-version': '2025-11-25, 2026-07-28' }],
  ['invalid_envelope', 'the stateless revision without its claim', { 'mcp-protocol-version': '2026-07-28' }],
  ['unsupported_media_type', 'plain text', { 'content-type': 'text/plain' }],
  ['unsupported_media_type', 'no type', { 'content-type': undefined }],
  ['unsupported_media_type', 'a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['unsupported_media_type', 'two types', { 'content-type': 'application/json, text/plain' }],
  ['unsupported_media_type', 'another character set', { 'content-type': 'application/json; charset=utf-16' }],
  [
    'unsupported_media_type',
    'two character sets',
    { 'content-type': 'application/json; charset=utf-8; charset=utf-7' },
  ],
  ['unsupported_media_type', 'a compressed body', { 'content-encoding': 'gzip' }],
  ['unauthenticated', 'no token', { authorization: undefined }],
  ['unauthenticated', 'a token of nobody', { authorization: 'Bearer nobody' }],
  ['unauthenticated', 'an empty token', { authorization: 'Bearer ' }],
  ['unauthenticated', 'another scheme', { authorization: 'Basic dG9rZW4tb2YtYW5u' }],
  ['unauthenticated', 'a token that is too long', { authorization: `Bearer ${'x'.repeat(5_000)}` }],
  ['unauthenticated', 'two tokens in one', { authorization: 'Bearer token-of-ann, Bearer nobody' }],
  ['foreign_origin', 'another host', { host: 'evil.example' }],
  ['foreign_origin', 'a rebound name', { host: 'evil.example', origin: 'http://evil.example' }],
  ['foreign_origin', 'a host behind a user', { host: '127.0.0.1@evil.example' }],
  ['foreign_origin', 'a page of another origin', { origin: 'https://evil.example' }],
  ['foreign_origin', 'a page without an origin', { origin: 'null' }],
  ['foreign_origin', 'an origin that begins like ours', { origin: 'http://127.0.0.1.evil.example' }],
];

const twice = [
  'Authorization: Bearer nobody',
  'Host: evil.example',
  'Content-Type: application/json',
  'Mcp-Method: tools/call',
  'Mcp-Name: refund',
  'Mcp-Protocol-Version: 2025-11-25',
  'Mcp-Session-Id: x',
  'Origin: http://127.0.0.1',
];

const accompanied = {
  'mcp-method': 'tools/call',
  'mcp-name': 'refund',
  'mcp-protocol-version': '2025-11-25',
  'mcp-session-id': 'x',
  origin: 'http://127.0.0.1',
};

const statelessAttacks: readonly [Code, string, RequestParts][] = [
  ['header_mismatch', 'no method', stateless('tools/call', call, { 'mcp-method': undefined })],
  ['header_mismatch', 'no name', stateless('tools/call', call, { 'mcp-name': undefined })],
  ['header_mismatch', 'no revision', stateless('tools/call', call, { 'mcp-protocol-version': undefined })],
  [
    'header_mismatch',
    'a revision of the other era',
    stateless('tools/call', call, { 'mcp-protocol-version': '2025-11-25' }),
  ],
  ['header_mismatch', 'another method', stateless('tools/call', call, { 'mcp-method': 'tools/list' })],
  ['header_mismatch', 'another name', stateless('tools/call', call, { 'mcp-name': 'hidden' })],
  [
    'header_mismatch',
    'another URI',
    stateless('resources/read', { uri: 'file:///readme' }, { 'mcp-name': 'file:///other' }),
  ],
  ['header_mismatch', 'a name of a list', stateless('tools/list', {}, { 'mcp-name': 'refund' })],
  [
    'header_mismatch',
    'no region',
    stateless('tools/call', { name: 'refund', arguments: { amount: 1, region: 'eu' } }),
  ],
  ['header_mismatch', 'a region of no argument', stateless('tools/call', call, { 'mcp-param-region': 'eu' })],
  ['unknown_method', 'a method of the other era', stateless('ping')],
  ['unknown_method', 'the handshake of the other era', stateless('initialize')],
  ['not_offered', 'a hidden tool', stateless('tools/call', { name: 'hidden', arguments: {} })],
];

export const headerAttacks: readonly Attack[] = [
  ...single.map(([code, name, headers]) => refused(code, name, { headers, body })),
  ...twice.map((line) =>
    refused('invalid_request', `a second ${line}`, { headers: accompanied, lines: [line], body }),
  ),
  ...statelessAttacks.map(([code, name, parts]) => refused(code, `stateless: ${name}`, parts)),
  refused('header_mismatch', 'initialize under the stateless revision', {
    headers: { 'mcp-protocol-version': '2026-07-28' },
    body: rpc('initialize', { protocolVersion: '2025-11-25' }),
  }),
  malformed('invalid_envelope', 'a revision that is no text', {
    body: rpc('tools/call', { ...call, _meta: { 'io.modelcontextprotocol/protocolVersion': 20260728 } }),
  }),
  refused('header_mismatch', 'a method for an answer', {
    headers: { 'mcp-method': 'tools/call' },
    body: '{"jsonrpc":"2.0","id":1,"result":{}}',
  }),
  passed('stateless, with all it needs', stateless('tools/call', call)),
  passed('stateless, with a name in base64', stateless('tools/call', call, { 'mcp-name': base64('refund') })),
  passed(
    'stateless, with its region',
    stateless(
      'tools/call',
      { name: 'refund', arguments: { amount: 1, region: 'e\u00fc' } },
      {
        'mcp-param-region': base64('e\u00fc'),
      },
    ),
  ),
  passed('stateless, with a session that is none', stateless('tools/call', call, { 'mcp-session-id': 'x' })),
  passed('a page of our own', { headers: { origin: 'http://127.0.0.1' }, body }),
  passed('the type in another case', {
    headers: { 'content-type': 'Application/JSON; Charset="UTF-8"' },
    body,
  }),
  attack(['404 not_found -32600'], 'an address with a question', { path: '/desk/mcp?x=1', body }),
  attack(['404 not_found -32600'], 'an address in another case', { path: '/Desk/mcp', body }),
  attack(['404 not_found -32600'], 'an address over another', { path: '/x/../desk/mcp', body }),
  attack(['404 not_found -32600'], 'a server of nobody', { path: '/nobody/mcp', body }),
  attack(['404 not_found -32600'], 'an absolute address', { path: 'http://127.0.0.1/desk/mcp', body }),
  refused('unsupported_protocol', 'a stream of a revision that nobody knows', {
    line: 'GET /desk/mcp HTTP/1.1',
    headers: { 'mcp-protocol-version': '9999-99-99' },
  }),
  refused('unsupported_protocol', 'a stream of no revision', {
    line: 'GET /desk/mcp HTTP/1.1',
    headers: { 'mcp-protocol-version': '' },
  }),
  refused('header_mismatch', 'a stream for a method', {
    line: 'GET /desk/mcp HTTP/1.1',
    headers: { 'mcp-method': 'tools/call' },
  }),
  refused('header_mismatch', 'a stream for a tool', {
    line: 'GET /desk/mcp HTTP/1.1',
    headers: { 'mcp-name': 'hidden' },
  }),
  attack(['405 method_not_allowed -32600'], 'another method of HTTP', {
    line: 'PUT /desk/mcp HTTP/1.1',
    body,
  }),
];
