import { describe, expect, it } from '@jest/globals';
import { parseStrictJson } from '@cardea/schemas/json';
import { readEnvelope, type Envelope } from './envelope.ts';

const read = (text: string): Envelope => readEnvelope(parseStrictJson(text, { numbers: 'any' }));

describe('a message of a server', () => {
  it.each([
    ['{"jsonrpc":"2.0","id":1,"result":{}}', 'response'],
    ['{"jsonrpc":"2.0","id":"a","error":{"code":1,"message":"m"}}', 'response'],
    ['{"jsonrpc":"2.0","id":"","method":"ping"}', 'request'],
    ['{"jsonrpc":"2.0","method":"notifications/x","params":{}}', 'notification'],
    ['{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"m","data":[1]}}', 'complaint'],
    ['{"jsonrpc":"2.0","error":{"code":1,"message":"m"}}', 'complaint'],
    ['{"jsonrpc":"2.0","id":1,"result":{},"future":true}', 'response'],
  ])('%s is a %s', (text, kind) => {
    expect(read(text).kind).toBe(kind);
  });

  it.each([
    ['no object', '"text"'],
    ['an array', '[]'],
    ['no version', '{"id":1,"result":{}}'],
    ['another version', '{"jsonrpc":"1.0","id":1,"result":{}}'],
    ['a number as version', '{"jsonrpc":2.0,"id":1,"result":{}}'],
    ['nothing in it', '{"jsonrpc":"2.0","id":1}'],
    ['a result and an error', '{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"m"}}'],
    ['a method and a result', '{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}'],
    ['a method and an error', '{"jsonrpc":"2.0","id":1,"method":"ping","error":null}'],
    ['a result that is null', '{"jsonrpc":"2.0","id":1,"result":null}'],
    ['a result that is an array', '{"jsonrpc":"2.0","id":1,"result":[]}'],
    ['an error that is a text', '{"jsonrpc":"2.0","id":1,"error":"m"}'],
    ['an error without a code', '{"jsonrpc":"2.0","id":1,"error":{"message":"m"}}'],
    ['an error whose code is no integer', '{"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":"m"}}'],
    ['an error without a message', '{"jsonrpc":"2.0","id":1,"error":{"code":1}}'],
    ['a method that is no text', '{"jsonrpc":"2.0","id":1,"method":1}'],
    ['params in an array', '{"jsonrpc":"2.0","method":"notifications/x","params":[]}'],
    ['a second result in capitals', '{"jsonrpc":"2.0","id":1,"result":{},"Result":{}}'],
    ['an id in capitals', '{"jsonrpc":"2.0","ID":1,"id":2,"result":{}}'],
    ['a long s', '{"jsonrpc":"2.0","id":1,"result":{},"re\u017fult":{}}'],
    ['a Kelvin-like method', '{"jsonrpc":"2.0","id":1,"result":{},"METHOD":"ping"}'],
  ])('is unclear with %s', (_name, text) => {
    expect(read(text).kind).toBe('unclear');
  });

  it.each(['1.5', '9007199254740993', '1e400', '-9007199254740993', 'true', '{}', '[1]'])(
    'is unclear with the id %s, and nobody can be told',
    (id) => {
      expect(read(`{"jsonrpc":"2.0","id":${id},"result":{}}`)).toMatchObject({
        kind: 'unclear',
        id: undefined,
      });
    },
  );

  it('that answers without being one tells whom it meant to answer', () => {
    expect(read('{"jsonrpc":"2.0","id":7,"result":[]}')).toMatchObject({ kind: 'unclear', id: 7 });
  });
});
