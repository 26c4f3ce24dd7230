import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { Refusal, type Code } from '@cardea/schemas/codes';
import { parseStrictJson, type JsonObject } from '@cardea/schemas/json';
import fc from 'fast-check';
import { versionKey } from './era.ts';
import { decodeHeader, reconcile, reconcileBatch, requireMirrored, type Claims } from './headers.ts';
import { readMessages } from './readMessages.ts';
import type { Message } from './message.ts';

const limits = { bodyBytesMax: 65_536, jsonDepthMax: 16, batchMessagesMax: 8 };

const read = (message: object): Message =>
  readMessages(Buffer.from(JSON.stringify(message)), limits).messages[0] as Message;

const request = (method: string, params?: object): Message =>
  read({ jsonrpc: '2.0', id: 1, method, ...(params === undefined ? {} : { params }) });
const claiming = (version: unknown): object => ({ _meta: { [versionKey]: version } });
const answer = read({ jsonrpc: '2.0', id: 1, result: {} });
const progress = read({ jsonrpc: '2.0', method: 'notifications/progress' });

function outcome(task: () => unknown): unknown {
  try {
    return task();
  } catch (refusal) {
    if (refusal instanceof Refusal) return refusal.code;
    throw refusal;
  }
}

const base64 = (text: string): string => `=?base64?${Buffer.from(text).toString('base64')}?=`;

const modern = '2026-07-28';
const stateless = (method: string): IncomingHttpHeaders => ({
  'mcp-protocol-version': modern,
  'mcp-method': method,
});

describe('reconcile', () => {
  it.each<[string, Message, IncomingHttpHeaders, Claims]>([
    ['nothing said', request('ping'), {}, { era: 'legacy', version: undefined }],
    [
      'an old header',
      request('ping'),
      { 'mcp-protocol-version': '2025-06-18' },
      { era: 'legacy', version: '2025-06-18' },
    ],
    ['an old claim', request('ping', claiming('2025-11-25')), {}, { era: 'legacy', version: '2025-11-25' }],
    [
      'claim and headers',
      request('tools/list', claiming(modern)),
      stateless('tools/list'),
      { era: 'stateless', version: modern },
    ],
    [
      'a notification with the header alone',
      progress,
      { 'mcp-protocol-version': modern },
      { era: 'stateless', version: modern },
    ],
    ['an answer', answer, {}, { era: 'legacy', version: undefined }],
    [
      'an answer with the header',
      answer,
      { 'mcp-protocol-version': modern },
      { era: 'stateless', version: modern },
    ],
    [
      'a legacy message whose headers say the same',
      request('tools/call', { name: 'a' }),
      { 'mcp-method': 'tools/call', 'mcp-name': 'a' },
      { era: 'legacy', version: undefined },
    ],
  ])('tells the era from %s', (_, message, headers, claims) => {
    expect(reconcile(message, headers)).toEqual(claims);
  });

  const call = request('tools/call', { name: 'a', ...claiming(modern) });
  const headers = { ...stateless('tools/call'), 'mcp-name': 'a' };

  it('takes a call of the stateless era with all its headers', () => {
    expect(outcome(() => reconcile(call, headers))).toEqual({ era: 'stateless', version: modern });
    expect(outcome(() => reconcile(call, { ...headers, 'mcp-name': base64('a') }))).toMatchObject({
      era: 'stateless',
    });
  });

  it.each<[string, Message, IncomingHttpHeaders, Code]>([
    [
      'a revision of nobody',
      request('ping'),
      { 'mcp-protocol-version': '2099-01-01' },
      'unsupported_protocol',
    ],
    ['a claim of nobody', request('ping', claiming('1.0')), {}, 'unsupported_protocol'],
    ['a claim that is a number', request('ping', claiming(20260728)), {}, 'invalid_envelope'],
    ['a claim that is null', request('ping', claiming(null)), {}, 'invalid_envelope'],
    ['a claim in an array', request('ping', claiming([modern])), {}, 'invalid_envelope'],
    ['the header without the claim', request('ping'), stateless('ping'), 'invalid_envelope'],
    [
      'the claim without the header',
      call,
      { 'mcp-method': 'tools/call', 'mcp-name': 'a' },
      'header_mismatch',
    ],
    ['another revision', call, { ...headers, 'mcp-protocol-version': '2025-11-25' }, 'header_mismatch'],
    [
      'an old claim under the new header',
      request('ping', claiming('2025-11-25')),
      stateless('ping'),
      'header_mismatch',
    ],
    ['initialize under the new header', request('initialize'), stateless('initialize'), 'header_mismatch'],
    ['no method', call, { ...headers, 'mcp-method': undefined }, 'header_mismatch'],
    ['another method', call, { ...headers, 'mcp-method': 'tools/list' }, 'header_mismatch'],
    ['the method in another case', call, { ...headers, 'mcp-method': 'Tools/Call' }, 'header_mismatch'],
    ['no name', call, { ...headers, 'mcp-name': undefined }, 'header_mismatch'],
    ['an empty name', call, { ...headers, 'mcp-name': '' }, 'header_mismatch'],
    ['another name', call, { ...headers, 'mcp-name': 'b' }, 'header_mismatch'],
    ['two names, joined', call, { ...headers, 'mcp-name': 'a, a' }, 'header_mismatch'],
    ['another name in base64', call, { ...headers, 'mcp-name': base64('b') }, 'header_mismatch'],
    ['a name beyond ASCII', call, { ...headers, 'mcp-name': '\u00e9' }, 'header_mismatch'],
    ['a name with a tab', call, { ...headers, 'mcp-name': 'a\tb' }, 'header_mismatch'],
    [
      'a legacy call of another method',
      request('tools/call', { name: 'a' }),
      { 'mcp-method': 'ping' },
      'header_mismatch',
    ],
    [
      'a legacy call of another name',
      request('tools/call', { name: 'a' }),
      { 'mcp-name': 'b' },
      'header_mismatch',
    ],
    ['a name that the body does not have', request('tools/call', {}), { 'mcp-name': 'a' }, 'header_mismatch'],
    ['a name that is a number', request('tools/call', { name: 1 }), { 'mcp-name': '1' }, 'header_mismatch'],
    ['a name of what has none', request('tools/list'), { 'mcp-name': 'a' }, 'header_mismatch'],
    ['a method of an answer', answer, { 'mcp-method': 'tools/call' }, 'header_mismatch'],
    ['a name of an answer', answer, { 'mcp-name': 'a' }, 'header_mismatch'],
    ['another method of a notification', progress, { 'mcp-method': 'ping' }, 'header_mismatch'],
    [
      'another URI',
      request('resources/read', { uri: 'file:///a' }),
      { 'mcp-name': 'file:///b' },
      'header_mismatch',
    ],
    ['another task', request('tasks/get', { taskId: '1' }), { 'mcp-name': '2' }, 'header_mismatch'],
  ])('refuses %s', (_, message, given, code) => {
    expect(outcome(() => reconcile(message, given))).toBe(code);
  });

  it.each(['constructor', '__proto__', 'toString'])('knows no name of the method %s', (method) => {
    expect(outcome(() => reconcile(request(method, { name: 'a' }), {}))).toMatchObject({ era: 'legacy' });
  });
});

describe('reconcileBatch', () => {
  const ping = request('ping');

  it('takes arrays where nobody claims a later revision', () => {
    expect(reconcileBatch([ping, answer], {})).toEqual({ era: 'legacy', version: undefined });
    expect(reconcileBatch([ping], { 'mcp-protocol-version': '2025-03-26' }).version).toBe('2025-03-26');
  });

  it.each<[string, readonly Message[], IncomingHttpHeaders, Code]>([
    ['a later revision', [ping], { 'mcp-protocol-version': '2025-06-18' }, 'batch_refused'],
    ['the stateless revision', [ping], { 'mcp-protocol-version': modern }, 'batch_refused'],
    ['a claim in the last one', [ping, request('ping', claiming(modern))], {}, 'batch_refused'],
    ['a claim of their own revision', [request('ping', claiming('2025-03-26'))], {}, 'batch_refused'],
    ['initialize behind another', [ping, request('initialize')], {}, 'batch_refused'],
    ['a method in a header', [ping], { 'mcp-method': 'ping' }, 'header_mismatch'],
    ['a name in a header', [ping], { 'mcp-name': 'a' }, 'header_mismatch'],
  ])('refuses %s', (_, messages, headers, code) => {
    expect(outcome(() => reconcileBatch(messages, headers))).toBe(code);
  });
});

describe('decodeHeader', () => {
  it('gives every text back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
        expect(decodeHeader(base64(text), 'mcp-name')).toBe(Buffer.from(text).toString());
      }),
    );
  });

  it.each(['=?BASE64?YQ==?=', 'a', '=?utf-8?YQ==?=', '', '=?base64?YQ==', '=?base64?YQ==?= '])(
    'leaves %j as it is',
    (text) => {
      expect(decodeHeader(text, 'mcp-name')).toBe(text);
    },
  );

  it.each([
    '=?base64?YQ?=',
    '=?base64?YR==?=',
    '=?base64?Y Q==?=',
    '=?base64?_w==?=',
    '=?base64?/w==?=',
    '=?base64?7aCA?=',
    '=?base64?=',
    '=?base64??=',
  ])('refuses %j', (text) => {
    expect(outcome(() => decodeHeader(text, 'mcp-name'))).toBe('header_mismatch');
  });
});

describe('requireMirrored', () => {
  const mirrored = [
    { path: ['region'], header: 'Region' },
    { path: ['deep', 'n'], header: 'N' },
  ];
  const check = (args: string, headers: IncomingHttpHeaders, isComplete = true): unknown =>
    outcome(() => {
      requireMirrored(mirrored, parseStrictJson(args) as JsonObject, headers, isComplete);
    });

  it.each<[string, IncomingHttpHeaders]>([
    ['{}', {}],
    ['{"region":null,"deep":{}}', {}],
    ['{"region":{"x":1}}', {}],
    ['{"region":"eu"}', { 'mcp-param-region': 'eu' }],
    ['{"region":"\u00e9"}', { 'mcp-param-region': base64('\u00e9') }],
    ['{"region":true}', { 'mcp-param-region': 'true' }],
    ['{"deep":{"n":42}}', { 'mcp-param-n': '42.0' }],
    ['{"deep":{"n":9007199254740993}}', { 'mcp-param-n': '9007199254740993' }],
  ])('takes %s with %j', (args, headers) => {
    expect(check(args, headers)).toBeUndefined();
  });

  it.each<[string, IncomingHttpHeaders]>([
    ['{"region":"eu"}', {}],
    ['{"region":"eu"}', { 'mcp-param-region': 'us' }],
    ['{"region":"eu"}', { 'mcp-param-region': 'eu, us' }],
    ['{"region":"42"}', { 'mcp-param-region': '42.0' }],
    ['{}', { 'mcp-param-region': 'eu' }],
    ['{"region":null}', { 'mcp-param-region': 'null' }],
    ['{"deep":{"n":1}}', { 'mcp-param-n': '0x1' }],
    ['{"deep":{"n":1}}', { 'mcp-param-n': '1e0' }],
    ['{"deep":{"n":9007199254740993}}', { 'mcp-param-n': '9007199254740992' }],
    ['{"deep":"n"}', { 'mcp-param-n': 'n' }],
  ])('refuses %s with %j', (args, headers) => {
    expect(check(args, headers)).toBe('header_mismatch');
  });

  it('wants nothing of the legacy era, but takes no contradiction', () => {
    expect(check('{"region":"eu"}', {}, false)).toBeUndefined();
    expect(check('{"region":"eu"}', { 'mcp-param-region': 'us' }, false)).toBe('header_mismatch');
  });

  it('finds nothing on prototypes', () => {
    const odd = [{ path: ['constructor', 'name'], header: 'X' }];
    requireMirrored(odd, parseStrictJson('{}') as JsonObject, {}, true);
  });
});
