// Numbers that are written in many ways, and what servers turn into numbers. Sums are of numbers up to 1000; five thoughts
// are enough.
import { tricksOn, type Trick } from './trick.ts';

const sum = tricksOn('everything', 'get-sum');
const think = tricksOn('thinking', 'sequentialthinking');

const add = (literal: string, wanted: Trick['wanted'], bites?: RegExp): Trick =>
  sum(`a number: ${literal}`, `{"a":${literal},"b":1}`, wanted, bites);

const rest = '"thought":"t","nextThoughtNeeded":true,"totalThoughts":5';
const number = (literal: string, wanted: Trick['wanted'], bites?: RegExp): Trick =>
  think(`a thought: ${literal}`, `{${rest},"thoughtNumber":${literal}}`, wanted, bites);

const fifty = /"thoughtNumber\\": 50/;

export const numberTricks: readonly Trick[] = [
  add('1000', 'allowed'),
  add('1000.0', 'allowed'),
  add('1e3', 'allowed'),
  add('0.1E+4', 'allowed'),
  add('-0', 'allowed'),
  add('-0.0', 'allowed'),
  add('1001', 'forbidden', /sum of 1001/),
  add('1.001e3', 'forbidden', /sum of 1001/),
  add('1000.0001', 'forbidden', /sum of 1000.0001/),
  add('1000.00001', 'unrepresentable_value', /sum of 1000.00001/),
  add('1000.0000000000001', 'unrepresentable_value', /sum of 1000.0000000000001/),
  add('1000.00000000000000001', 'inexact_number', /sum of 1000 /),
  add('99999999999999', 'forbidden'),
  add('999999999999999', 'unrepresentable_value'),
  add('9007199254740993', 'inexact_number'),
  add('99999999999999999999', 'inexact_number'),
  add('1E400', 'inexact_number'),
  add('1e-400', 'inexact_number'),
  add('01001', 'invalid_json'),
  add('+1001', 'invalid_json'),
  add('0x3e9', 'invalid_json'),
  add('1_001', 'invalid_json'),
  add('Infinity', 'invalid_json'),
  add('"1001"', 'invalid_argument'),
  add('[1001]', 'invalid_argument'),
  add('{"value":1001}', 'invalid_argument'),
  add('true', 'invalid_argument'),
  add('null', 'invalid_argument'),
  sum('a number twice', '{"a":1,"b":1,"a":1001}', 'duplicate_key', /sum of 1001/),
  sum('a number in capitals', '{"a":1,"b":1,"A":1001}', 'folded_key'),
  sum('one number alone', '{"a":1}', 'missing_argument'),
  number('5', 'allowed'),
  number('5.0', 'allowed'),
  number('0.5e1', 'allowed'),
  number('50', 'forbidden', fifty),
  number('50.0', 'forbidden', fifty),
  number('5e1', 'forbidden', fifty),
  number('"50"', 'invalid_argument', fifty),
  number('" 50\\n"', 'invalid_argument', fifty),
  number('"0x32"', 'invalid_argument', fifty),
  number('"5e1"', 'invalid_argument', fifty),
  number('"\\u0035\\u0030"', 'invalid_argument', fifty),
  number('"\uff15\uff10"', 'invalid_argument'),
  number('[50]', 'invalid_argument', fifty),
  number('["50"]', 'invalid_argument', fifty),
  number('5.5', 'invalid_argument'),
  number('true', 'invalid_argument'),
  number('null', 'invalid_argument'),
  number('9223372036854775807', 'inexact_number'),
  number('9223372036854775808', 'inexact_number'),
  number('1E400', 'inexact_number'),
  think('a thought: twice', `{${rest},"thoughtNumber":1,"thoughtNumber":50}`, 'duplicate_key', fifty),
  think('a thought: in small letters', `{${rest},"thoughtNumber":1,"thoughtnumber":50}`, 'folded_key'),
  think(
    'a branch: escaped',
    `{${rest},"thoughtNumber":1,"branchFromThought":1,"branchId":"dra\\u0066t-1"}`,
    'allowed',
  ),
  think(
    'a branch: in capitals',
    `{${rest},"thoughtNumber":1,"branchFromThought":1,"branchId":"DRAFT-1"}`,
    'forbidden',
  ),
  think('a branch: null', `{${rest},"thoughtNumber":1,"branchId":null}`, 'invalid_argument'),
];
