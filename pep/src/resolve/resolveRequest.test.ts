import { describe, expect, it } from '@jest/globals';
import { Refusal, type Code } from '@cardea/schemas/codes';
import { sampleView as view, sampleVisible as visible } from '../../test/sampleView.ts';
import type { Era } from '../admit/era.ts';
import type { RpcRequest } from '../admit/message.ts';
import { readMessages } from '../admit/readMessages.ts';
import { resolveRequest } from './resolveRequest.ts';
import type { Target } from './target.ts';

const limits = { bodyBytesMax: 2 ** 20, jsonDepthMax: 64, batchMessagesMax: 1 };

const findTask = (taskId: string): Target | undefined =>
  taskId === 'nobody' ? undefined : { method: 'tools/call', type: 'Tool', id: `desk/${taskId}`, input: {} };

function resolve(method: string, params: string | undefined, era: Era = 'legacy', headers = {}): unknown {
  const text = `{"jsonrpc":"2.0","id":1,"method":"${method}"${params === undefined ? '' : `,"params":${params}`}}`;
  const [request] = readMessages(Buffer.from(text), limits).messages as [RpcRequest];
  try {
    return resolveRequest(request, { era, view, visible, headers, findTask }).map(
      ({ type, id }) => `${type} ${id}`,
    );
  } catch (refusal) {
    if (refusal instanceof Refusal) return refusal.code;
    throw refusal;
  }
}

const call = (name: string, args = '{}'): unknown =>
  resolve('tools/call', `{"name":"${name}","arguments":${args}}`);
const read = (uri: string): unknown => resolve('resources/read', JSON.stringify({ uri }));

describe('resolveRequest', () => {
  it.each<[string, string | undefined, Era, readonly string[]]>([
    ['initialize', '{}', 'legacy', ['Server desk']],
    ['ping', undefined, 'legacy', ['Server desk']],
    ['tools/list', undefined, 'stateless', ['Server desk']],
    ['server/discover', undefined, 'stateless', ['Server desk']],
    ['tools/call', '{"name":"refund","arguments":{"amount":1}}', 'legacy', ['Tool desk/refund']],
    ['tools/call', '{"name":"open","arguments":{"anything":[1]}}', 'legacy', ['Tool desk/open']],
    ['tools/call', '{"name":"open"}', 'legacy', ['Tool desk/open']],
    ['prompts/get', '{"name":"summary"}', 'stateless', ['Prompt desk/summary']],
    [
      'resources/read',
      '{"uri":"file:///readme"}',
      'legacy',
      ['Resource desk/file:///readme', 'Resource desk/file:///{name}'],
    ],
    [
      'resources/read',
      '{"uri":"file:///Odd/../plain"}',
      'legacy',
      ['file:///Odd/../plain', 'file:///{name}'].map((name) => `Resource desk/${name}`),
    ],
    ['resources/subscribe', '{"uri":"file:///a"}', 'legacy', ['Resource desk/file:///{name}']],
    ['completion/complete', '{"ref":{"type":"ref/prompt","name":"summary"}}', 'legacy', ['Server desk']],
    [
      'subscriptions/listen',
      '{"notifications":{"toolsListChanged":true,"resourceSubscriptions":["file:///readme","file:///a"]}}',
      'stateless',
      [
        'Server desk',
        'Resource desk/file:///readme',
        'Resource desk/file:///{name}',
        'Resource desk/file:///{name}',
      ],
    ],
    ['tasks/list', undefined, 'legacy', ['Server desk']],
    ['tasks/get', '{"taskId":"refund"}', 'stateless', ['Server desk', 'Tool desk/refund']],
    ['tasks/result', '{"taskId":"refund"}', 'legacy', ['Server desk', 'Tool desk/refund']],
    ['tasks/cancel', '{"taskId":"open"}', 'legacy', ['Server desk', 'Tool desk/open']],
    ['tasks/update', '{"taskId":"open"}', 'stateless', ['Server desk', 'Tool desk/open']],
    [
      'subscriptions/listen',
      '{"notifications":{"taskIds":["refund"]}}',
      'stateless',
      ['Server desk', 'Tool desk/refund'],
    ],
  ])('%s %s of the %s era is about %j', (method, params, era, targets) => {
    expect(resolve(method, params, era)).toEqual(targets);
  });

  it.each<[string, Era]>([
    ['tasks/get', 'legacy'],
    ['tasks/result', 'legacy'],
    ['tasks/cancel', 'stateless'],
    ['tasks/update', 'stateless'],
  ])(
    'answers %s of a task of others, and of a tool that is hidden now, as one that does not exist',
    (method, era) => {
      for (const taskId of ['nobody', 'hidden', 'nothing']) {
        expect(resolve(method, JSON.stringify({ taskId }), era)).toBe('not_offered');
      }
      expect(resolve(method, '{}', era)).toBe('invalid_request');
    },
  );

  it('lets nobody listen for the tasks of others', () => {
    const listen = (taskIds: unknown): unknown =>
      resolve('subscriptions/listen', JSON.stringify({ notifications: { taskIds } }), 'stateless');
    expect(listen(['refund', 'nobody'])).toBe('not_offered');
    expect([listen('refund'), listen([7])]).toEqual(['invalid_request', 'invalid_request']);
    const folded = '{"notifications":{"TaskIds":["nobody"]}}';
    expect(() => resolve('subscriptions/listen', folded, 'stateless')).toThrow(
      expect.objectContaining({ code: 'folded_key' }),
    );
  });

  it.each<[string, Era]>([
    ['tools/destroy', 'legacy'],
    ['Tools/Call', 'legacy'],
    ['tools/call ', 'legacy'],
    ['', 'legacy'],
    ['constructor', 'legacy'],
    ['__proto__', 'stateless'],
    ['initialize', 'stateless'],
    ['ping', 'stateless'],
    ['tasks/list', 'stateless'],
    ['tasks/result', 'stateless'],
    ['tasks/update', 'legacy'],
    ['logging/setLevel', 'stateless'],
    ['resources/subscribe', 'stateless'],
    ['server/discover', 'legacy'],
    ['subscriptions/listen', 'legacy'],
    ['sampling/createMessage', 'legacy'],
    ['notifications/initialized', 'legacy'],
    ['rpc.discover', 'legacy'],
  ])('knows no request %j of clients in the %s era', (method, era) => {
    expect(resolve(method, '{"name":"refund"}', era)).toBe('unknown_method');
  });

  it.each([
    'hidden',
    'unknown',
    'constructor',
    '__proto__',
    'toString',
    'Refund',
    'refund ',
    'desk/refund',
    '',
  ])('offers no tool %j', (name) => {
    expect(call(name, '{"amount":1}')).toBe('not_offered');
  });

  it('says of hidden tools nothing, whatever their arguments', () => {
    for (const args of ['{}', '{"secret":1}', '{"other":1}', '{"__entity":1}', '[]', 'null', '"x"']) {
      expect([call('hidden', args), call('unknown', args)]).toEqual(['not_offered', 'not_offered']);
    }
  });

  it.each<[string, Code]>([
    ['[]', 'invalid_argument'],
    ['null', 'missing_argument'],
    ['{}', 'missing_argument'],
    ['{"amount":1,"extra":1}', 'undeclared_argument'],
    ['{"amount":1,"deep":{"y":1}}', 'undeclared_argument'],
    ['{"Amount":1}', 'folded_key'],
    ['{"amount":1,"AMOUNT":2}', 'folded_key'],
    ['{"amount":1,"deep":{"X":"a"}}', 'folded_key'],
    ['{"amount":1,"__proto__":1}', 'undeclared_argument'],
    ['{"amount":1,"constructor":1}', 'undeclared_argument'],
    ['{"amount":1,"__extn":{"fn":"unknown","arg":"x"}}', 'reserved_key'],
    ['{"amount":1,"region":{"__entity":{"type":"Person","id":"a"}}}', 'reserved_key'],
    ['{"amount":"1"}', 'invalid_argument'],
    ['{"amount":0}', 'invalid_argument'],
    ['{"amount":1.5}', 'invalid_argument'],
    ['{"amount":null}', 'invalid_argument'],
    ['{"amount":-9007199254740993}', 'inexact_number'],
    ['{"amount":9007199254740993}', 'inexact_number'],
    ['{"amount":1,"deep":{"x":9223372036854775807}}', 'inexact_number'],
    ['{"amount":-9007199254740992}', 'invalid_argument'],
    ['{"amount":1,"path":"../x"}', 'invalid_argument'],
    ['{"amount":1,"path":["x"]}', 'invalid_argument'],
  ])('refuses the arguments %s', (args, code) => {
    expect(call('refund', args)).toBe(code);
  });

  it('takes integers that every server reads as they are, and those that have 64 bits by the schema', () => {
    for (const args of ['{"amount":9007199254740992}', '{"amount":1,"ledger":9007199254740993}']) {
      expect(call('refund', args)).toEqual(['Tool desk/refund']);
    }
    expect(call('open', '{"known":"x","anything":[9007199254740993]}')).toBe('inexact_number');
  });

  it('wants repeated what the schema says behind a reference', () => {
    const params = '{"name":"refund","arguments":{"amount":1,"zone":"eu"}}';
    expect(resolve('tools/call', params, 'stateless')).toBe('header_mismatch');
    expect(resolve('tools/call', params, 'stateless', { 'mcp-param-zone': 'us' })).toBe('header_mismatch');
    expect(resolve('tools/call', params, 'stateless', { 'mcp-param-zone': 'eu' })).toEqual([
      'Tool desk/refund',
    ]);
  });

  it('wants repeated what the schema says, in the stateless era', () => {
    const params = '{"name":"refund","arguments":{"amount":1,"region":"eu"}}';
    const headers = { 'mcp-param-region': 'eu' };
    expect(resolve('tools/call', params, 'stateless', headers)).toEqual(['Tool desk/refund']);
    expect(resolve('tools/call', params, 'stateless')).toBe('header_mismatch');
    expect(resolve('tools/call', params, 'legacy')).toEqual(['Tool desk/refund']);
    expect(resolve('tools/call', params, 'legacy', { 'mcp-param-region': 'us' })).toBe('header_mismatch');
  });

  it.each([
    ['hidden as it stands', 'file:///hidden'],
    ['hidden before it comes to a template that is shown', 'file:///hidden/x'],
    ['given by no template but a hidden one', 'file:///a/b'],
    ['perhaps given by a hidden template', 'note://secret:a'],
    ['perhaps given by what is no template', 'note://odd-a'],
    ['of another scheme', 'http://h/readme'],
    ['in another case', 'file:///readme/README'],
  ])('offers no resource that is %s', (_, uri) => {
    expect(read(uri)).toBe('resource_not_offered');
    expect(resolve('resources/read', JSON.stringify({ uri }), 'stateless')).toBe('not_offered');
  });

  it('says of what is hidden what it says of what is not there, whatever its form', () => {
    for (const [hidden, other] of [
      ['note://Secret Report', 'note://Secret Reporz'],
      ['file:///x/../secret', 'file:///x/../secreu'],
      // Shown itself, but spelt otherwise it is hidden.
      ['file:///Odd/../secret', 'file:///Odd/../secreu'],
    ] as const) {
      expect([read(hidden), read(other)]).toEqual(['uri_not_normal', 'uri_not_normal']);
    }
    expect([read('file:///secret/'), read('file:///secreu/')]).toEqual([
      'resource_not_offered',
      'resource_not_offered',
    ]);
  });

  it('takes a URI that a template would have to cover in normal form alone', () => {
    expect(read('file:///a/../readme')).toBe('uri_not_normal');
    expect(read('file:///%72eadme')).toBe('uri_not_normal');
    expect(read('file://localhost/hidden')).toBe('uri_not_normal');
  });

  it.each<[string, string]>([
    ['prompts/get', '{"name":"hidden"}'],
    ['prompts/get', '{"name":"refund"}'],
    ['completion/complete', '{"ref":{"type":"ref/prompt","name":"hidden"}}'],
    ['completion/complete', '{"ref":{"type":"ref/resource","uri":"file:///hidden"}}'],
    ['completion/complete', '{"ref":{"type":"ref/resource","uri":"file:///hidden/{name}"}}'],
  ])('offers nothing for %s %s', (method, params) => {
    expect(resolve(method, params)).toBe('not_offered');
  });

  it.each<[string, string | undefined]>([
    ['tools/call', undefined],
    ['tools/call', '{}'],
    ['tools/call', '{"name":["refund"]}'],
    ['tools/call', '{"name":null}'],
    ['prompts/get', '{"name":1}'],
    ['resources/read', '{"uri":{}}'],
    ['completion/complete', '{"ref":"summary"}'],
    ['completion/complete', '{"ref":{"type":"ref/tool","name":"refund"}}'],
    ['completion/complete', '{"ref":{"type":"ref/prompt"}}'],
    ['subscriptions/listen', '{"notifications":{"resourceSubscriptions":"file:///a"}}'],
    ['subscriptions/listen', '{"notifications":{"resourceSubscriptions":[1]}}'],
    [
      'subscriptions/listen',
      `{"notifications":{"resourceSubscriptions":${JSON.stringify(Array(257).fill('file:///a'))}}}`,
    ],
  ])('refuses parameters of the wrong shape: %s', (method, params) => {
    const era = method === 'subscriptions/listen' ? 'stateless' : 'legacy';
    expect(resolve(method, params, era)).toBe('invalid_request');
  });
});
