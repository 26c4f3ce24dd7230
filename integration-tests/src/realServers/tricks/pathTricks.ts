// Paths that lead where a policy does not look. `ROOT/privé` is forbidden, and nothing outside of `ROOT` is permitted.
import { callAround, tricksOn, type MakeTrick, type Trick } from './trick.ts';

const read = tricksOn('files', 'read_text_file');
const readAll = tricksOn('files', 'read_multiple_files');
const write = tricksOn('files', 'write_file');

const combination = /7-42-19/;

/** The text of the path, as JSON may write it. */
const path = (name: string, text: string, wanted: Trick['wanted'], bites?: RegExp): Trick =>
  read(name, `{"path":"${text}"}`, wanted, bites);

const [before, after] = callAround('read_text_file');
const noteCall = `${before}{"path":"ROOT/public/note.txt"}${after}`;
const secretCall = `${before}{"path":"ROOT/privé/secret.txt"}${after}`;

const whole = (name: string, body: Trick['body'], wanted: Trick['wanted'], bites?: RegExp): Trick => ({
  name,
  server: 'files',
  body,
  wanted,
  ...(bites && { bites }),
});

export const pathTricks: readonly Trick[] = [
  path('the forbidden path itself', 'ROOT/privé/secret.txt', 'forbidden', combination),
  path('a permitted path', 'ROOT/public/note.txt', 'allowed'),
  path('two dots', 'ROOT/public/../privé/secret.txt', 'invalid_argument', combination),
  path('two dots from outside', '/x/..ROOT/privé/secret.txt', 'invalid_argument', combination),
  path('two dots that come back', 'ROOT/../files/privé/secret.txt', 'invalid_argument', combination),
  path('one dot', 'ROOT/./privé/secret.txt', 'invalid_argument', combination),
  path('two slashes', 'ROOT//privé/secret.txt', 'invalid_argument', combination),
  path('two slashes at the start', '/ROOT/privé/secret.txt', 'invalid_argument', combination),
  path('a slash at the end', 'ROOT/privé/secret.txt/', 'forbidden'),
  path('backslashes', 'ROOT/public\\\\..\\\\privé\\\\secret.txt', 'invalid_argument'),
  path('backslashes for slashes', 'ROOT\\\\privé\\\\secret.txt', 'default_deny'),
  path('a path from where the server stands', 'privé/secret.txt', 'default_deny', combination),
  path('a path from home', '~/privé/secret.txt', 'default_deny', combination),
  path('a URL', 'file://ROOT/privé/secret.txt', 'default_deny'),
  path('escaped dots', 'ROOT/public/%2e%2e/privé/secret.txt', 'invalid_argument'),
  path('an escaped slash', 'ROOT%2Fprivé%2Fsecret.txt', 'invalid_argument'),
  path('an escaped letter', 'ROOT/%70rivé/secret.txt', 'invalid_argument'),
  path('an escaped accent', 'ROOT/priv%C3%A9/secret.txt', 'invalid_argument'),
  path('dots escaped twice', 'ROOT/public/%252e%252e/privé/secret.txt', 'invalid_argument'),
  path('an escaped NUL', 'ROOT/privé%00/secret.txt', 'invalid_argument'),
  path('a NUL', 'ROOT/public/note.txt\\u0000.png', 'invalid_argument'),
  path('a line feed', 'ROOT/public/note.txt\\n', 'invalid_argument'),
  path('a dot behind a name', 'ROOT/public./note.txt', 'invalid_argument'),
  path('a dot at the end', 'ROOT/public/note.txt.', 'invalid_argument'),
  path('a space behind a name', 'ROOT/public /note.txt', 'invalid_argument'),
  path('a space at the end', 'ROOT/public/note.txt ', 'invalid_argument'),
  path('wide dots and slashes', 'ROOT/public/\uff0e\uff0e\uff0fprivé/secret.txt', 'invalid_argument'),
  path('two dots in one character', 'ROOT/public/\u2025/privé/secret.txt', 'invalid_argument'),
  path('a slash of fractions', 'ROOT\u2044privé\u2044secret.txt', 'invalid_argument'),
  path('a letter and its accent', 'ROOT/prive\u0301/secret.txt', 'invalid_argument', combination),
  path('the same, escaped', 'ROOT/prive\\u0301/secret.txt', 'invalid_argument', combination),
  path('a Kelvin sign for a K', 'ROOT/public/\u212Aettle.txt', 'invalid_argument'),
  path('a space without width', 'ROOT/pri\u200bvé/secret.txt', 'invalid_argument'),
  path('a joiner without width', 'ROOT/pri\u200dvé/secret.txt', 'invalid_argument'),
  path('a mark that turns the reading', 'ROOT/public/\u202etxt.eton', 'invalid_argument'),
  path('a byte order mark inside', 'ROOT/\ufeffprivé/secret.txt', 'invalid_argument'),
  path('a letter of another script', 'ROOT/\u0440rivé/secret.txt', 'allowed'),
  path('wide letters', 'ROOT/\uff50rivé/secret.txt', 'allowed'),
  path(
    'escapes of JSON for dots',
    'ROOT/public/\\u002e\\u002E/privé/secret.txt',
    'invalid_argument',
    combination,
  ),
  path('escapes of JSON for slashes', 'ROOT\\u002fpriv\\u00e9\\/secret.txt', 'forbidden', combination),
  path('escapes of JSON for what is permitted', 'ROOT\\/public\\u002fnote\\u002etxt', 'allowed'),
  read('overlong dots', pathOf([0xc0, 0xae, 0xc0, 0xae]), 'invalid_text'),
  read('an overlong slash', pathOf([0xc0, 0xaf]), 'invalid_text'),
  read('a byte that is no text', pathOf([0xff]), 'invalid_text'),
  path('half of a pair', 'ROOT/public/\\ud800.txt', 'invalid_text'),
  read(
    'the path twice',
    '{"path":"ROOT/public/note.txt","path":"ROOT/privé/secret.txt"}',
    'duplicate_key',
    combination,
  ),
  read(
    'the path twice, once escaped',
    '{"path":"ROOT/public/note.txt","p\\u0061th":"ROOT/privé/secret.txt"}',
    'duplicate_key',
    combination,
  ),
  read(
    'the path in capitals',
    '{"path":"ROOT/public/note.txt","PATH":"ROOT/privé/secret.txt"}',
    'folded_key',
  ),
  read('the path in wide letters', '{"\uff50ath":"ROOT/privé/secret.txt"}', 'folded_key'),
  read(
    'a path without width',
    '{"path":"ROOT/public/note.txt","pa\u200bth":"ROOT/privé/secret.txt"}',
    'undeclared_argument',
  ),
  read(
    'a file besides',
    '{"path":"ROOT/public/note.txt","file":"ROOT/privé/secret.txt"}',
    'undeclared_argument',
  ),
  read('a path in a list', '{"path":["ROOT/privé/secret.txt"]}', 'invalid_argument'),
  read('no path', '{"path":null}', 'invalid_argument'),
  readAll(
    'two dots in a list',
    '{"paths":["ROOT/public/note.txt","ROOT/public/../privé/secret.txt"]}',
    'invalid_argument',
    combination,
  ),
  readAll(
    'one more in a list',
    '{"paths":["ROOT/public/note.txt","ROOT/privé/secret.txt"]}',
    'default_deny',
    combination,
  ),
  readAll('one path for a list', '{"paths":"ROOT/privé/secret.txt"}', 'invalid_argument'),
  readAll('one path twice', '{"paths":["ROOT/public/note.txt","ROOT/public/note.txt"]}', 'allowed'),
  write(
    'another file at the end',
    '{"path":"ROOT/public/../privé/secret.txt","content":"open"}',
    'invalid_argument',
  ),
  write(
    'another kind behind a NUL',
    '{"path":"ROOT/public/run.sh\\u0000.txt","content":"rm"}',
    'invalid_argument',
  ),
  whole('a byte order mark', [Uint8Array.of(0xef, 0xbb, 0xbf), secretCall], 'invalid_text', combination),
  whole('another message behind', [noteCall, secretCall], 'invalid_json'),
  whole(
    'the arguments twice',
    [noteCall.replace(/}}$/, ',"arguments":{"path":"ROOT/privé/secret.txt"}}}')],
    'duplicate_key',
    combination,
  ),
  whole(
    'parameters in capitals',
    [
      noteCall.replace(
        /}$/,
        ',"Params":{"name":"read_text_file","arguments":{"path":"ROOT/privé/secret.txt"}}}',
      ),
    ],
    'folded_key',
  ),
  whole('an array of messages', [`[${noteCall},${secretCall.replace('7', '8')}]`], 'batch_refused'),
];

function pathOf(bytes: readonly number[]): Parameters<MakeTrick>[1] {
  return ['{"path":"ROOT/public/', Uint8Array.from(bytes), '/privé/secret.txt"}'];
}
