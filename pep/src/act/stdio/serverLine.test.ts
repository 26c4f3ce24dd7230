import { describe, expect, it } from '@jest/globals';
import { readServerLine } from './serverLine.ts';

const kindOf = (text: string): string | undefined => readServerLine(Buffer.from(text, 'latin1'))?.kind;

describe('readServerLine', () => {
  it.each([
    ['{"jsonrpc":"2.0","id":1,"result":{}}', 'response'],
    ['{"jsonrpc":"2.0","id":"a","error":{"code":-32601,"message":"no"}}', 'response'],
    ['{"jsonrpc":"2.0","id":1,"method":"roots/list"}', 'request'],
    ['{"jsonrpc":"2.0","method":"notifications/message","params":{}}', 'notification'],
    ['{"jsonrpc":"2.0","id":1,"result":{}}\r', 'response'],
    ['[{"jsonrpc":"2.0","id":1,"result":{}},{"jsonrpc":"2.0","id":2,"result":{}}]', 'answers'],
    ['{"jsonrpc":"2.0","id":1,"result":{"n":12345678901234567890}}', 'response'],
  ])('takes %s for a %s', (text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });

  it.each([
    ['noise', 'Listening on stdio'],
    ['nothing', ''],
    ['a value that is no object', 'null'],
    ['a text', '"jsonrpc"'],
    ['broken JSON', '{"jsonrpc":"2.0","id":1'],
    ['two values', '{"jsonrpc":"2.0","id":1,"result":{}} {}'],
    ['an object that says nothing', '{"hello":"world"}'],
    ['another version', '{"jsonrpc":"1.0","id":1,"result":{}}'],
    ['a key that comes twice', '{"jsonrpc":"2.0","id":1,"id":2,"result":{}}'],
    ['a key that differs in case alone', '{"jsonrpc":"2.0","id":1,"ID":2,"result":{}}'],
    ['an answer and a question', '{"jsonrpc":"2.0","id":1,"method":"x","result":{}}'],
    ['an id that is a fraction', '{"jsonrpc":"2.0","id":1.5,"result":{}}'],
    ['an id beyond what is safe', '{"jsonrpc":"2.0","id":9007199254740993,"result":{}}'],
    ['an error about nothing', '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no"}}'],
    ['bytes that are no text', '{"jsonrpc":"2.0","id":"\xff","result":{}}'],
    ['a byte order mark', '\xef\xbb\xbf{"jsonrpc":"2.0","id":1,"result":{}}'],
    ['a line break in a text', '{"jsonrpc":"2.0","id":"a\rb","result":{}}'],
    ['an array with a question in it', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]'],
    ['an empty array', '[]'],
    [
      'what is nested too deeply',
      `{"jsonrpc":"2.0","id":1,"result":{"a":${'['.repeat(200)}${']'.repeat(200)}}}`,
    ],
  ])('takes %s for no message', (_, text) => {
    expect(kindOf(text)).toBeUndefined();
  });

  it('keeps the bytes as they came, but for breaks between values', () => {
    const line = readServerLine(Buffer.from('{"jsonrpc":"2.0",\r"id":1,"result":{"text":"a\\r\\nb"}}\r'));
    expect(line?.bytes.toString()).toBe('{"jsonrpc":"2.0", "id":1,"result":{"text":"a\\r\\nb"}} ');
  });
});
