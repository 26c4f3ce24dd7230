// Bodies that are no JSON, or JSON that two readers could understand differently.
import { refused, type Kind } from './kind.ts';
import { goodText, postText, textWithAmount, textWithMembers, textWithTitle } from './message.ts';
import type { Random } from './random.ts';
import type { WireMessage } from './wire.ts';

/** As the service is configured by default, the outermost object counted. */
const depthMax = 64;

const brackets = [
  ['[', ']'],
  ['{"a":', '}'],
  ['[{"a":[', ']}]'],
] as const;

/** Arrays and objects inside one another, of at least that depth. */
function nest(random: Random, depth: number): string {
  const [open, close] = random.pick(brackets);
  const times = Math.ceil(depth / open.replace(/[^[{]/g, '').length);
  return `${open.repeat(times)}0${close.repeat(times)}`;
}

const titled = (fragment: (random: Random) => string) => (random: Random) =>
  postText(textWithTitle(random, fragment(random)));

const bytesInTitle = (bytes: readonly number[]) => (random: Random) => {
  const [before = '', after = ''] = textWithTitle(random, '"\u0002"').split('\u0002');
  return postText(Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]));
};

const edited =
  (edit: (text: string, random: Random) => string | Buffer) =>
  (random: Random): WireMessage =>
    postText(edit(goodText(random), random));

const loneSurrogates = [
  '\\ud800',
  '\\uDFFF',
  '\\udc00\\ud800',
  '\\ud83d',
  'x\\ud800x',
  '\\ud800\\u0041',
  '\\ud800\\\\udc00',
];

const malformed: readonly [string, readonly number[]][] = [
  ['a surrogate in UTF-8', [0xed, 0xa0, 0x80]],
  ['half of a pair in UTF-8', [0xed, 0xbf, 0xbf]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['an overlong NUL', [0xe0, 0x80, 0x80]],
  ['a code point past the last', [0xf4, 0x90, 0x80, 0x80]],
  ['a character that is cut off', [0xe2, 0x82]],
  ['a continuation alone', [0x80]],
  ['a byte that UTF-8 does not have', [0xff]],
];

const inexact = [
  '1e400',
  '-1e400',
  '1E+999',
  '9223372036854775808',
  '-9223372036854775809',
  '123456789012345678901',
  '0.1234567890123456789',
  '1e-400',
  '3.141592653589793238',
  '1e19',
  '4.9e-325',
];

const noNumbers = [
  '01',
  '-',
  '+1',
  '.5',
  '1.',
  '1e',
  '1e+',
  '0x10',
  '--1',
  'NaN',
  'Infinity',
  '-Infinity',
  '1_000',
  '00',
  '-01',
  '1,5',
];

const noValues = [
  'undefined',
  "'x'",
  'True',
  'nul',
  'truee',
  '"a\u0000b"',
  '"a\tb"',
  '"a\nb"',
  '"\\x41"',
  '"\\u12"',
  '"\\u12g4"',
  '"\\',
  '"',
  '/*x*/1',
  '//x',
  '`x`',
  '"a" "b"',
  '[1,]',
  '{"a":1,}',
  '{,}',
  '[,1]',
  '{"a"}',
  '{a:1}',
  '{"a":}',
  '{"a":1 "b":2}',
  '[1 2]',
  ']',
  '}',
  '\ufeff"x"',
];

const twice = [
  '"a":1,"a":2',
  '"a":1,"\\u0061":2',
  '"subject":{"type":"Person","id":"root"},"x":1',
  '"__proto__":1,"__proto__":2',
  '"constructor":1,"constructor":2',
  '"\\u005f_proto__":1,"__proto__":2',
  '"":1,"":2',
  '"toString":1,"\\u0074oString":1',
  '"é":1,"\\u00e9":1',
  '"😀":1,"\\ud83d\\ude00":1',
];

export const jsonKinds: readonly Kind[] = [
  refused('too_deep', 'nesting just past the limit', (random) =>
    titled(() => nest(random, random.between(depthMax - 2, depthMax + 8)))(random),
  ),
  refused('too_deep', 'nesting far past the limit', (random) =>
    postText(textWithMembers(random, `"x":${nest(random, random.between(100, 100_000))}`)),
  ),
  refused('too_deep', 'nesting that never closes', (random) =>
    postText('['.repeat(random.between(65, 900_000))),
  ),
  refused('too_deep', 'nesting in the properties of the subject', (random) =>
    postText(
      goodText(random).replace('"groups":', () => `"x":${nest(random, random.between(63, 500))},"groups":`),
    ),
  ),
  refused('invalid_text', 'an escaped surrogate without its other half', (random) =>
    postText(textWithTitle(random, `"${random.pick(loneSurrogates)}"`)),
  ),
  refused('invalid_text', 'a key with half of a pair', (random) =>
    postText(textWithMembers(random, `"${random.pick(loneSurrogates)}":1`)),
  ),
  ...malformed.map(([name, bytes]) => refused('invalid_text', `in a text: ${name}`, bytesInTitle(bytes))),
  refused(
    'invalid_text',
    'a byte order mark',
    edited((text) => `\ufeff${text}`),
  ),
  refused(
    'invalid_text',
    'UTF-16 with its mark',
    edited((text) => Buffer.from(`\ufeff${text}`, 'utf16le')),
  ),
  refused(
    'invalid_json',
    'UTF-16 without a mark',
    edited((text) => Buffer.from(text, 'utf16le')),
  ),
  refused(
    'inexact_number',
    'a number that no double holds',
    titled((random) => random.pick(inexact)),
  ),
  refused('inexact_number', 'an amount that no double holds', (random) =>
    postText(textWithAmount(random.pick(inexact))),
  ),
  refused(
    'too_large',
    'a number of many digits',
    titled((random) => random.pick(['', '-', '0.']) + '1'.repeat(random.between(101, 50_000))),
  ),
  refused(
    'too_large',
    'an exponent of many digits',
    titled((random) => `1e${'9'.repeat(random.between(100, 50_000))}`),
  ),
  refused(
    'invalid_json',
    'what is almost a number',
    titled((random) => random.pick(noNumbers)),
  ),
  refused(
    'invalid_json',
    'what is almost a value',
    titled((random) => random.pick(noValues)),
  ),
  refused(
    'invalid_json',
    'a truncated document',
    edited((text, random) => text.slice(0, random.between(1, text.length - 1))),
  ),
  refused('invalid_json', 'nothing', () => postText('')),
  refused('invalid_json', 'blanks', (random) => postText(' \t\r\n'.repeat(random.between(1, 1_000)))),
  refused(
    'invalid_json',
    'two documents',
    edited((text) => text + text),
  ),
  refused(
    'invalid_json',
    'something behind the document',
    edited((text, random) => text + random.pick(['x', ',', '}', '\0', ';', '\u2028'])),
  ),
  refused(
    'invalid_json',
    'a callback around the document',
    edited((text) => `callback(${text})`),
  ),
  refused(
    'invalid_json',
    'a prefix against inclusion',
    edited((text) => `)]}',\n${text}`),
  ),
  refused('invalid_json', 'a form', () => postText('subject=root&decision=true')),
  refused('invalid_json', 'XML', () =>
    postText('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'),
  ),
  refused('duplicate_key', 'a key twice', (random) => postText(textWithMembers(random, random.pick(twice)))),
  refused(
    'duplicate_key',
    'a key twice deep inside',
    titled((random) => `[{"x":[{${random.pick(twice.filter((keys) => !keys.includes('subject')))}}]}]`),
  ),
];
