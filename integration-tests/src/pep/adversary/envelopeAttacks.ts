// Bodies that are no message, or that two readers could take for two.
import type { Code } from '@cardea/schemas/codes';
import { attack, callOf, malformed, passed, rpc, type Attack } from './attack.ts';

const good = callOf('{"amount":1}');
const call = (members: string): string => `{"jsonrpc":"2.0","id":1,"method":"tools/call",${members}}`;
const named = (members: string): string =>
  call(`"params":{"name":"refund","arguments":{"amount":1},${members}}`);
const withId = (id: string): string => good.replace('"id":1', `"id":${id}`);
const nest = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

const texts: readonly [Code, string, string | Buffer][] = [
  ['invalid_json', 'no body', ''],
  ['invalid_json', 'a form', 'method=tools/call'],
  ['invalid_json', 'two messages, one behind the other', good + good],
  ['invalid_json', 'lines of messages', `${good}\n${good}`],
  ['invalid_json', 'a comment', good.replace('{', '{/*x*/')],
  ['invalid_json', 'a comma too many', good.replace(/}$/, ',}')],
  ['invalid_json', 'UTF-16', Buffer.from(good, 'utf16le')],
  ['invalid_json', 'a number that is none', named('"x":NaN')],
  ['invalid_json', 'infinity', named('"x":-Infinity')],
  ['invalid_json', 'a body that is cut off', good.slice(0, -1)],
  ['invalid_text', 'a byte order mark', `\ufeff${good}`],
  ['invalid_text', 'half of a pair', named('"x":"\\ud800"')],
  ['invalid_text', 'half of a pair as a key', named('"\\udfff":1')],
  [
    'invalid_text',
    'what is no UTF-8',
    Buffer.concat([Buffer.from(named('"x":"').slice(0, -2)), Buffer.from([0xc0, 0xaf])]),
  ],
  ['inexact_number', 'a number beyond a double', named('"x":1e400')],
  ['inexact_number', 'an integer beyond 64 bits', callOf('{"amount":18446744073709551616}')],
  ['inexact_number', 'a fraction that no double holds', callOf('{"amount":1.00000000000000000001}')],
  ['too_deep', 'depth', named(`"x":${nest(70)}`)],
  ['too_deep', 'depth without an end', named(`"x":${'['.repeat(100_000)}`)],
  ['too_large', 'size', named(`"x":"${'x'.repeat(1024 * 1024)}"`)],
  ['too_large', 'values', named(`"x":[${'0,'.repeat(100_001)}0]`)],
  ['duplicate_key', 'two methods', call('"params":{"name":"refund"},"method":"tools/list"')],
  ['duplicate_key', 'two names', named('"name":"hidden"')],
  ['duplicate_key', 'two names, one escaped', named('"n\\u0061me":"hidden"')],
  ['duplicate_key', 'two amounts', callOf('{"amount":1,"amount":100000}')],
  ['duplicate_key', 'two prototypes', named('"__proto__":1,"\\u005f_proto__":2')],
  ['folded_key', 'METHOD', call('"METHOD":"tools/list"')],
  ['folded_key', 'Params beside params', named('"x":1},"Params":{"name":"hidden"')],
  ['folded_key', 'Name', named('"Name":"hidden"')],
  ['folded_key', 'Name alone', call('"params":{"Name":"refund"}')],
  ['folded_key', 'a long s', named('"argument\u017f":{"amount":100000}')],
  ['folded_key', 'a Kelvin sign', named('"_meta":{"progressTo\u212aen":1}')],
  ['folded_key', 'wide letters', named('"\uff4eame":"hidden"')],
  ['folded_key', 'the revision', named('"_meta":{"io.modelcontextprotocol/ProtocolVersion":"2026-07-28"}')],
  [
    'folded_key',
    'a name in a reference',
    rpc('completion/complete', '{"ref":{"type":"ref/prompt","name":"summary","Name":"secret"}}'),
  ],
  ['invalid_request', 'a text', '"tools/call"'],
  ['invalid_request', 'null', 'null'],
  ['invalid_request', 'no version of JSON-RPC', good.replace('"jsonrpc":"2.0",', '')],
  ['invalid_request', 'another version of JSON-RPC', good.replace('2.0', '2.1')],
  ['invalid_request', 'a method in a list', '{"jsonrpc":"2.0","id":1,"method":["tools/call"]}'],
  ['invalid_request', 'a method and a result', call('"result":{}')],
  ['invalid_request', 'a method and an error', call('"error":{"code":1,"message":""}')],
  ['invalid_request', 'a result and an error', '{"jsonrpc":"2.0","id":1,"result":{},"error":{}}'],
  ['invalid_request', 'parameters by place', call('"params":["refund",{"amount":1}]')],
  ['invalid_request', 'parameters that are null', call('"params":null')],
  ['invalid_request', 'no id that is there', withId('null')],
  ['invalid_request', 'a broken id', withId('1.5')],
  ['invalid_request', 'a huge id', withId('9007199254740993')],
  ['invalid_request', 'an id in an object', withId('{"$ne":1}')],
  ['invalid_request', 'an id in a list', withId('[1]')],
  ['invalid_request', 'an id without an end', withId(`"${'x'.repeat(600)}"`)],
  ['unknown_method', 'a notification of nobody', '{"jsonrpc":"2.0","method":"notifications/tools/call"}'],
  [
    'unknown_method',
    'a call as a notification',
    '{"jsonrpc":"2.0","method":"tools/call","params":{"name":"refund"}}',
  ],
  ['unexpected_response', 'an answer that nobody asked for', '{"jsonrpc":"2.0","id":1,"result":{}}'],
  [
    'unexpected_response',
    'an error that nobody asked for',
    '{"jsonrpc":"2.0","id":"1","error":{"code":1,"message":""}}',
  ],
];

/** A status of 404 says to clients of the legacy era that their session is over. */
const unknownMethods = [
  'tools/destroy',
  'Tools/Call',
  'tools/call\u0000',
  '',
  'constructor',
  'rpc.discover',
  'server/discover',
];

export const envelopeAttacks: readonly Attack[] = [
  ...texts.map(([code, name, body]) =>
    code === 'unknown_method'
      ? attack(['200 unknown_method -32601'], name, { body })
      : malformed(code, name, { body }),
  ),
  ...unknownMethods.map((method) =>
    attack(['200 unknown_method -32601'], `the method ${JSON.stringify(method)}`, { body: rpc(method, {}) }),
  ),
  passed('a good call', { body: good }),
  passed('members and spaces that mean nothing', { body: ` \n${named('"other":{"NAME":"hidden"}')}\t` }),
  passed('an integer of 64 bits', { body: callOf('{"amount":1,"note":"\\u0061"}') }),
];
