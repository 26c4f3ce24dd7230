// Texts, choices and lists that look like others. The servers here compare some of them as they are, and fold others.
import { tricksOn, type Trick } from './trick.ts';

const open = tricksOn('memory', 'open_nodes');
const search = tricksOn('memory', 'search_nodes');
const observe = tricksOn('memory', 'add_observations');
const remove = tricksOn('memory', 'delete_entities');
const echo = tricksOn('everything', 'echo');
const weather = tricksOn('everything', 'get-structured-content');
const zip = tricksOn('everything', 'gzip-file-as-resource');

const combination = /7-42-19/;

const names = (name: string, text: string, wanted: Trick['wanted'], bites?: RegExp): Trick =>
  open(`a name: ${name}`, `{"names":["kettle","${text}"]}`, wanted, bites);
const query = (name: string, text: string, bites?: RegExp): Trick =>
  search(`a question: ${name}`, `{"query":"${text}"}`, 'default_deny', bites);
const says = (name: string, text: string, wanted: Trick['wanted'], bites?: RegExp): Trick =>
  echo(`a message: ${name}`, `{"message":"${text}"}`, wanted, bites);
const city = (name: string, text: string, wanted: Trick['wanted'], bites?: RegExp): Trick =>
  weather(`a choice: ${name}`, `{"location":${text}}`, wanted, bites);
const from = (name: string, text: string, wanted: Trick['wanted']): Trick =>
  zip(`a source: ${name}`, `{"name":"a.gz","data":"${text}","outputType":"resource"}`, wanted);

export const textTricks: readonly Trick[] = [
  names('itself', 'vault', 'forbidden', combination),
  names('escaped', '\\u0076a\\u0075lt', 'forbidden', combination),
  names('in capitals', 'VAULT', 'allowed'),
  names('with a letter of another script', 'v\u0430ult', 'allowed'),
  names('in wide letters', '\uff56\uff41\uff55\uff4c\uff54', 'allowed'),
  names('with a space without width', 'va\u200bult', 'allowed'),
  names('with a space', 'vault ', 'allowed'),
  names('with a NUL', 'vault\\u0000', 'allowed'),
  names('with an accent that it does not have', 'vau\u0301lt', 'allowed'),
  names('of half a pair', 'vault\\udc00', 'invalid_text'),
  open('one name for a list', '{"names":"vault"}', 'invalid_argument'),
  open('a record for a list', '{"names":{"0":"vault","length":1}}', 'invalid_argument'),
  open('a list in a list', '{"names":[["vault"]]}', 'invalid_argument'),
  open('nothing in a list', '{"names":["kettle",null]}', 'invalid_argument'),
  open('the names twice', '{"names":["kettle"],"names":["vault"]}', 'duplicate_key', combination),
  open('the names with a long s', '{"names":["kettle"],"name\u017f":["vault"]}', 'folded_key'),
  open(
    'the names of what all objects have',
    '{"names":["kettle"],"__proto__":{"names":["vault"]}}',
    'undeclared_argument',
  ),
  remove(
    'the names twice, for deleting',
    '{"entityNames":["kettle"],"entity\\u004eames":["vault"]}',
    'duplicate_key',
  ),
  remove('a name that repeats', '{"entityNames":["cup","cup"]}', 'allowed'),
  query('nothing, which everything holds', '', combination),
  query('in capitals', 'COMBINATION', combination),
  query('a part of it', 'ombinatio', combination),
  query('with a Kelvin sign', '\u212Aettle', /it is red/),
  query('with a space behind', 'red '),
  search('what is permitted, escaped', '{"query":"\\u0072ed"}', 'allowed'),
  observe(
    'a record with a second name',
    '{"observations":[{"entityName":"kettle","contents":["it whistles"],"EntityName":"vault"}]}',
    'folded_key',
  ),
  observe(
    'a record with a name twice',
    '{"observations":[{"entityName":"kettle","contents":["it whistles"],"entityName":"vault"}]}',
    'duplicate_key',
  ),
  observe(
    'a record with more in it',
    '{"observations":[{"entityName":"kettle","contents":["it whistles"],"type":"vault"}]}',
    'undeclared_argument',
  ),
  observe('a record with less in it', '{"observations":[{"entityName":"kettle"}]}', 'missing_argument'),
  observe(
    'a record that is not what it was',
    '{"observations":[{"entityName":"kettle","contents":["it whistles","it hums"]}]}',
    'forbidden',
  ),
  observe(
    'a record with a number for a text',
    '{"observations":[{"entityName":"kettle","contents":[1]}]}',
    'invalid_argument',
  ),
  observe(
    'a record that repeats, in another order',
    '{"observations":[{"contents":["it leaks","it whistles","it leaks"],"entityName":"kettle"},{"contents":["it whistles","it leaks"],"entityName":"kettle"}]}',
    'allowed',
  ),
  observe(
    'a key of Cedar',
    '{"observations":[{"entityName":"kettle","contents":["it whistles"],"__entity":{"type":"Person","id":"root"}}]}',
    'reserved_key',
  ),
  says('itself', 'it is classified', 'forbidden', /it is classified/),
  says('escaped', 'it is \\u0063lassified', 'forbidden', /it is classified/),
  says('in capitals', 'it is CLASSIFIED', 'allowed'),
  says('with a long s', 'it is cla\u017f\u017fified', 'allowed'),
  says('with a dotless i', 'it is class\u0131fied', 'allowed'),
  says('in wide letters', 'it is \uff43lassified', 'allowed'),
  says('backwards, and turned', 'it is \u202edeifissalc\u202c', 'allowed'),
  says('in two halves', 'it is class\u2060ified', 'allowed'),
  echo('a message: a list', '{"message":["it is classified"]}', 'invalid_argument'),
  city('itself', '"Chicago"', 'forbidden', /Light rain/),
  city('escaped', '"\\u0043hicago"', 'forbidden', /Light rain/),
  city('in small letters', '"chicago"', 'invalid_argument'),
  city('with a space', '"Chicago "', 'invalid_argument'),
  city('with a letter of another script', '"Chicag\u043e"', 'invalid_argument'),
  city('in a list', '["Chicago"]', 'invalid_argument'),
  city('another one', '"Los Angeles"', 'allowed'),
  from('elsewhere', 'PAGE', 'forbidden'),
  from('with a space before', ' PAGE', 'forbidden'),
  from('with a line feed inside', 'ht\\ntp:PAGE', 'forbidden'),
  from('with a NUL before', '\\u0000PAGE', 'forbidden'),
  from('in capitals', 'DATA:text/plain,a', 'forbidden'),
  from('of another type', 'data:text/html,a', 'default_deny'),
  from('that it was given', 'data:text/plain,PAGE', 'allowed'),
  zip('a source: none, for which the server knows one', '{"name":"a.gz"}', 'forbidden'),
  zip('a source: two', '{"name":"a.gz","data":"data:text/plain,a","Data":"PAGE"}', 'folded_key'),
];
