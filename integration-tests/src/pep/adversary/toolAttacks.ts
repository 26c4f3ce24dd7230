// What is called, and with what: hidden, unknown, unreviewed; arguments that policy and server would read differently.
import type { Code } from '@cardea/schemas/codes';
import { attack, callOf, passed, refused, rpc, type Attack } from './attack.ts';

const notOffered = [
  'hidden',
  'unknown',
  'unreviewed',
  'Refund',
  'refund ',
  'desk/refund',
  'other/refund',
  '__proto__',
  'constructor',
  'toString',
  '',
  're\u200bfund',
  'r\u0435fund',
];

const badArguments: readonly [Code, string][] = [
  ['missing_argument', '{}'],
  ['missing_argument', 'null'],
  ['invalid_argument', '[]'],
  ['invalid_argument', '"amount"'],
  ['invalid_argument', '{"amount":"1"}'],
  ['invalid_argument', '{"amount":1.5}'],
  ['invalid_argument', '{"amount":null}'],
  ['invalid_argument', '{"amount":[1]}'],
  ['invalid_argument', '{"amount":0}'],
  ['invalid_argument', '{"amount":-9223372036854775808}'],
  ['invalid_argument', '{"amount":1,"code":"x1"}'],
  ['undeclared_argument', '{"amount":1,"extra":1}'],
  ['undeclared_argument', '{"amount":1,"__proto__":{"amount":100000}}'],
  ['undeclared_argument', '{"amount":1,"constructor":{"prototype":{}}}'],
  ['undeclared_argument', '{"amount":1,"deep":{"y":1}}'],
  ['undeclared_argument', '{"amount":1,"list":[{"y":1}]}'],
  ['undeclared_argument', '{"amount":1,"amount ":100000}'],
  ['undeclared_argument', '{"amount":1,"amount\u200b":100000}'],
  ['folded_key', '{"Amount":1}'],
  ['folded_key', '{"amount":1,"AMOUNT":100000}'],
  ['folded_key', '{"amount":1,"\uff41mount":100000}'],
  ['folded_key', '{"amount":1,"li\u017ft":[]}'],
  ['folded_key', '{"amount":1,"deep":{"X":"a"}}'],
  ['reserved_key', '{"amount":1,"note":{"__entity":{"type":"Person","id":"root"}}}'],
  ['reserved_key', '{"amount":1,"__extn":{"fn":"unknown","arg":"x"}}'],
  ['invalid_argument', '{"amount":1,"path":"../../etc/passwd"}'],
  ['invalid_argument', '{"amount":1,"path":"//etc/passwd"}'],
  ['invalid_argument', '{"amount":1,"path":"/etc/./passwd"}'],
  ['invalid_argument', '{"amount":1,"path":"/a\\\\..\\\\b"}'],
  ['invalid_argument', '{"amount":1,"path":"/a/%2e%2e/b"}'],
  ['invalid_argument', '{"amount":1,"path":"/a\\u0000.txt"}'],
  ['invalid_argument', '{"amount":1,"path":"/a/\\u2025/b"}'],
  ['invalid_argument', '{"amount":1,"path":"/e\\u0301"}'],
];

const uris: readonly [Code, string][] = [
  ['resource_not_offered', 'file:///secret/a'],
  ['resource_not_offered', 'http://h/public/a'],
  ['uri_not_normal', 'file://localhost/public/a'],
  ['uri_not_normal', 'http://H/public/a'],
  ['resource_not_offered', 'file:///public/a/b'],
  ['resource_not_offered', 'file:///public/'],
  ['uri_not_normal', 'file:///public/../secret/a'],
  ['uri_not_normal', 'file:///public/%2E%2E'],
  ['uri_not_normal', 'file:///public/%2e%2e%2fsecret'],
  ['uri_not_normal', 'file:///public/a%2Fb'],
  ['uri_not_normal', 'file:///public/%C0%AF'],
  ['uri_not_normal', 'file:///public/..;/a'],
  ['uri_not_normal', 'FILE:///public/a'],
  ['uri_not_normal', 'file:////public/a'],
  ['uri_not_normal', 'file:///public/a b'],
  ['uri_not_normal', 'file:///public/a\\..\\b'],
  ['uri_not_normal', 'file:///public/\u00e9'],
  ['uri_not_normal', ' file:///public/a'],
  ['uri_not_normal', 'file://root@/public/a'],
];

export const toolAttacks: readonly Attack[] = [
  ...notOffered.map((name) =>
    attack(['200 not_offered -32602'], `the tool ${JSON.stringify(name)}`, {
      body: callOf('{"amount":1}', name),
    }),
  ),
  ...badArguments.map(([code, args]) => refused(code, `the arguments ${args}`, { body: callOf(args) })),
  ...uris.map(([code, uri]) =>
    refused(code, `the resource ${uri}`, { body: rpc('resources/read', { uri }) }),
  ),
  refused('not_offered', 'a hidden prompt', { body: rpc('prompts/get', { name: 'secret' }) }),
  refused('not_offered', 'a prompt of nobody', { body: rpc('prompts/get', { name: 'nobody' }) }),
  refused('not_offered', 'a completion for a hidden prompt', {
    body: rpc('completion/complete', { ref: { type: 'ref/prompt', name: 'secret' }, argument: {} }),
  }),
  refused('not_offered', 'a completion for a hidden template', {
    body: rpc('completion/complete', {
      ref: { type: 'ref/resource', uri: 'file:///secret/{name}' },
      argument: {},
    }),
  }),
  refused('forbidden', 'too much', { body: callOf('{"amount":5000}') }),
  refused('held', 'what people have to see', { body: callOf('{"amount":600}') }),
  refused('invalid_request', 'no name', { body: rpc('tools/call', {}) }),
  refused('invalid_request', 'a name in a list', { body: rpc('tools/call', { name: ['refund'] }) }),
  passed('all that is declared', {
    body: callOf('{"amount":1,"code":"x","path":"/a/b","deep":{"x":"a"},"list":[{"x":"a"}],"region":"eu"}'),
  }),
  passed('anything for a tool that takes anything', {
    body: callOf('{"Anything":{"__proto__":[1]}}', 'open'),
  }),
  passed('a resource', { body: rpc('resources/read', { uri: 'file:///readme' }) }),
  passed('a resource of a template', { body: rpc('resources/read', { uri: 'file:///public/a%20b' }) }),
  passed('a prompt', { body: rpc('prompts/get', { name: 'summary' }) }),
];
