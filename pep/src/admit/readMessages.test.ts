import { describe, expect, it } from '@jest/globals';
import { Refusal, type Code } from '@cardea/schemas/codes';
import { readMessages, type Body } from './readMessages.ts';

const limits = { bodyBytesMax: 4_096, jsonDepthMax: 16, batchMessagesMax: 3 };

const read = (text: string | Buffer): Body => readMessages(Buffer.from(text as string), limits);

function codeOf(text: string | Buffer): Code | 'taken' {
  try {
    read(text);
    return 'taken';
  } catch (refusal) {
    if (refusal instanceof Refusal) return refusal.code;
    throw refusal;
  }
}

const call = (members: string): string => `{"jsonrpc":"2.0","id":1,"method":"tools/call",${members}}`;
const named = (members: string): string => call(`"params":{"name":"a",${members}}`);

describe('readMessages', () => {
  it.each([
    ['a request', '{"jsonrpc":"2.0","id":"x","method":"ping"}', 'request'],
    ['a notification', '{"jsonrpc":"2.0","method":"notifications/initialized"}', 'notification'],
    ['a result', '{"jsonrpc":"2.0","id":0,"result":{}}', 'response'],
    ['an error', '{"jsonrpc":"2.0","id":-7,"error":{"code":1,"message":"no"}}', 'response'],
    ['members that nobody knows', '{"jsonrpc":"2.0","id":1,"method":"ping","x":1}', 'request'],
  ])('takes %s', (_, text, kind) => {
    expect(read(text)).toMatchObject({ messages: [{ kind }], isBatch: false });
  });

  it('gives what nobody can change', () => {
    const [message] = read(named('"arguments":{"list":[{"x":1}]}')).messages;
    const params = message?.kind === 'request' ? message.params : undefined;
    expect(() => Object.assign(params as object, { name: 'b' })).toThrow(TypeError);
    expect(Object.isFrozen((params?.['arguments'] as { list: object[] }).list[0])).toBe(true);
  });

  it.each<[string, string | Buffer, Code]>([
    ['nothing', '', 'invalid_json'],
    ['a text', '"tools/call"', 'invalid_request'],
    ['null', 'null', 'invalid_request'],
    ['two documents', '{"jsonrpc":"2.0","id":1,"method":"ping"}{}', 'invalid_json'],
    ['a byte order mark', '\ufeff{"jsonrpc":"2.0","id":1,"method":"ping"}', 'invalid_text'],
    ['UTF-16', Buffer.from('{"jsonrpc":"2.0","id":1,"method":"ping"}', 'utf16le'), 'invalid_json'],
    ['half of a pair', named('"x":"\\ud800"'), 'invalid_text'],
    ['what is no UTF-8', Buffer.concat([Buffer.from('"'), Buffer.from([0xff, 0x22])]), 'invalid_text'],
    ['a key twice', named('"name":"b"'), 'duplicate_key'],
    ['a key twice, once escaped', named('"\\u006eame":"b"'), 'duplicate_key'],
    ['a key twice deep inside', named('"arguments":{"a":{"x":1,"\\u0078":2}}'), 'duplicate_key'],
    ['a number that is none', named('"x":NaN'), 'invalid_json'],
    ['a number beyond a double', named('"x":1e400'), 'inexact_number'],
    ['an integer beyond 64 bits', named('"x":9223372036854775808'), 'inexact_number'],
    ['too much depth', named(`"x":${'['.repeat(16)}${']'.repeat(16)}`), 'too_deep'],
    ['too many bytes', named(`"x":"${'x'.repeat(4_096)}"`), 'too_large'],
  ])('refuses %s', (_, text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it.each<[string, string]>([
    ['no version of JSON-RPC', '{"id":1,"method":"ping"}'],
    ['another version', '{"jsonrpc":"1.0","id":1,"method":"ping"}'],
    ['a version as a number', '{"jsonrpc":2.0,"id":1,"method":"ping"}'],
    ['neither method nor result', '{"jsonrpc":"2.0","id":1}'],
    ['a method that is no text', '{"jsonrpc":"2.0","id":1,"method":["ping"]}'],
    ['a method and a result', '{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}'],
    ['a method and an error', '{"jsonrpc":"2.0","id":1,"method":"ping","error":null}'],
    ['a result and an error', '{"jsonrpc":"2.0","id":1,"result":{},"error":{}}'],
    ['a result and no error', '{"jsonrpc":"2.0","id":1,"result":{},"error":null}'],
    ['a result that is no object', '{"jsonrpc":"2.0","id":1,"result":[]}'],
    ['parameters in an array', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":["a"]}'],
    ['parameters that are null', '{"jsonrpc":"2.0","id":1,"method":"ping","params":null}'],
    ['an answer to nothing', '{"jsonrpc":"2.0","result":{}}'],
  ])('refuses %s', (_, text) => {
    expect(codeOf(text)).toBe('invalid_request');
  });

  it.each(['null', '1.5', '9007199254740993', '-9007199254740993', '{}', '[1]', 'true', '[]'])(
    'refuses the id %s',
    (id) => {
      expect(codeOf(`{"jsonrpc":"2.0","id":${id},"method":"ping"}`)).toBe('invalid_request');
      expect(codeOf(`{"jsonrpc":"2.0","id":${id},"result":{}}`)).toBe('invalid_request');
    },
  );

  it('refuses an id that is too long', () => {
    expect(codeOf(`{"jsonrpc":"2.0","id":"${'x'.repeat(513)}","method":"ping"}`)).toBe('invalid_request');
  });

  it.each<[string, string]>([
    ['METHOD', '{"jsonrpc":"2.0","id":1,"METHOD":"tools/call","method":"ping"}'],
    ['iD', '{"jsonrpc":"2.0","iD":1,"method":"ping"}'],
    ['a long s', '{"jsonrpc":"2.0","id":1,"method":"ping","param\u017f":{}}'],
    ['Result beside a method', '{"jsonrpc":"2.0","id":1,"method":"ping","Result":{}}'],
    ['Name beside name', named('"Name":"b"')],
    ['Name alone', call('"params":{"Name":"b"}')],
    ['an escaped letter', named('"\\u004eame":"b"')],
    ['ARGUMENTS', named('"ARGUMENTS":{"x":1}')],
    ['wide letters', named('"\uff4e\uff41\uff4d\uff45":"b"')],
    ['URI', call('"params":{"uri":"file:///a","URI":"file:///b"}')],
    ['the revision', named(`"_meta":{"IO.modelcontextprotocol/protocolVersion":"2026-07-28"}`)],
    ['a Kelvin sign', named('"_meta":{"progressTo\u212aen":1}')],
    ['the name in a reference', call('"params":{"ref":{"type":"ref/prompt","name":"a","NAME":"b"}}')],
    ['the URI in a reference', call('"params":{"ref":{"type":"ref/resource","Uri":"file:///a"}}')],
    ['what is listened for', call('"params":{"notifications":{"ResourceSubscriptions":["file:///a"]}}')],
  ])('refuses a key that some readers take for another: %s', (_, text) => {
    expect(codeOf(text)).toBe('folded_key');
  });

  it('takes keys of the names that servers and tools choose', () => {
    const args = '"arguments":{"NAME":1,"Method":2,"__proto__":3,"constructor":4}';
    expect(codeOf(named(`${args},"_meta":{"Name":1},"other":{"URI":1}`))).toBe('taken');
  });

  it('reads arrays, and each message in them', () => {
    const text = '[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":"1","method":"ping"}]';
    expect(read(text)).toMatchObject({ messages: [{ id: 1 }, { id: '1' }], isBatch: true });
    expect(read('[{"jsonrpc":"2.0","method":"x"}]')).toMatchObject({ isBatch: true });
  });

  it.each<[string, string, Code]>([
    ['none', '[]', 'invalid_request'],
    ['an array in an array', '[[{"jsonrpc":"2.0","id":1,"method":"ping"}]]', 'invalid_request'],
    ['a bad one among good ones', '[{"jsonrpc":"2.0","method":"x"},{"method":"x"}]', 'invalid_request'],
    ['too many', `[${Array(4).fill('{"jsonrpc":"2.0","method":"x"}').join()}]`, 'too_large'],
    [
      'one id for two',
      '[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":1,"method":"ping"}]',
      'invalid_request',
    ],
  ])('refuses an array with %s', (_, text, code) => {
    expect(codeOf(text)).toBe(code);
  });
});
