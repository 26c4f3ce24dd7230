// What is wrong with a field, in our words. Never its value: it may be a secret.
import type { z } from 'zod';
import { quoteExcerpt } from '../json/index.ts';

type Issue = z.core.$ZodIssue;

/** To stand behind the name of the field. `value` is what stands there; undefined where nothing does. */
export function describeIssue(issue: Issue, value: unknown): string {
  const expected = describeExpected(issue);
  if (expected === undefined) return issue.message;
  return value === undefined ? `missing, expected ${expected}` : `expected ${expected}`;
}

/** Undefined where the schema itself has the words. */
function describeExpected(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return typeWords[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return `${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'invalid_union':
      return 'options' in issue
        ? `one of ${(issue.options as readonly unknown[]).map(String).join(', ')}`
        : 'another kind of value';
    case 'too_small':
      return `at least ${issue.minimum}${unitOf(issue.origin, issue.minimum)}`;
    case 'too_big':
      return `at most ${issue.maximum}${unitOf(issue.origin, issue.maximum)}`;
    case 'unrecognized_keys':
      return `no field ${issue.keys
        .slice(0, 1)
        .map((key) => quoteExcerpt(key))
        .join('')}`;
    default:
      return undefined;
  }
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'an integer',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function unitOf(origin: string, count: number | bigint): string {
  if (origin === 'string') return count === 1 ? ' character' : ' characters';
  if (origin === 'array' || origin === 'set') return count === 1 ? ' entry' : ' entries';
  return '';
}
