import { describe, expect, it } from '@jest/globals';
import { parseLine, selectVerb } from './commandLine.ts';
import { Failure } from './failure.ts';
import { defineVerb, type Verb } from './verb.ts';

const pull: Verb = defineVerb({
  name: 'tools pull',
  summary: 'Pull tools',
  positionals: { value: 'URL', description: 'where from', min: 0, max: 1 },
  rest: { value: 'COMMAND', description: 'what to start' },
  options: {
    schema: { type: 'text', value: 'FILE', short: 's', description: 'a file' },
    header: { type: 'text', value: 'NAME', many: true, description: 'headers' },
    out: { type: 'text', value: 'DIR', default: 'catalog', description: 'a folder' },
    timeout: { type: 'integer', value: 'S', min: 1, max: 60, default: 10, description: 'seconds' },
    retries: { type: 'integer', value: 'N', min: -1, max: 9, description: 'attempts' },
    json: { type: 'flag', description: 'JSON' },
  },
  run: () => Promise.resolve(0),
});

const build: Verb = defineVerb({
  name: 'build',
  summary: 'Build',
  options: { key: { type: 'text', value: 'FILE', required: true, description: 'a key' } },
  run: () => Promise.resolve(0),
});

const verbs = [pull, build];

/** The message and the help of the failure. */
function failureOf(task: () => unknown): string {
  try {
    task();
  } catch (failure) {
    if (failure instanceof Failure) return `${failure.message} | ${failure.help ?? ''}`;
    throw failure;
  }
  return 'no failure';
}

describe('selecting a verb', () => {
  it.each([
    ['tools pull x --json', 'tools pull', 'x --json'],
    ['build', 'build', ''],
    ['build tools', 'build', 'tools'],
  ])('%s', (line, name, rest) => {
    const { verb, words } = selectVerb(verbs, line.split(' '));
    expect([verb.name, words.join(' ')]).toEqual([name, rest]);
  });

  it.each([
    ['tols pull', 'there is no verb "tols" | did you mean "tools pull"?'],
    ['tools pul', 'there is no verb "tools pul" | did you mean "tools pull"?'],
    ['biuld', 'there is no verb "biuld" | did you mean "build"?'],
    ['tools', '"tools" needs a second word | one of: tools pull'],
    ['frobnicate', 'there is no verb "frobnicate" | see: cardea --help'],
    ['__proto__', 'there is no verb "__proto__" | see: cardea --help'],
  ])('refuses %s', (line, failure) => {
    expect(failureOf(() => selectVerb(verbs, line.split(' ')))).toBe(failure);
  });
});

describe('parsing a line', () => {
  it('gives every option of the table a value', () => {
    expect(parseLine(pull, [])).toEqual({
      options: {
        schema: undefined,
        header: [],
        out: 'catalog',
        timeout: 10,
        retries: undefined,
        json: false,
      },
      positionals: [],
      rest: [],
    });
  });

  it('takes options anywhere, short, inline, negative and repeated', () => {
    const line = '-s a --header x url --timeout=7 --header=-y --retries=-1 --json --out -';
    expect(parseLine(pull, line.split(' '))).toEqual({
      options: { schema: 'a', header: ['x', '-y'], out: '-', timeout: 7, retries: -1, json: true },
      positionals: ['url'],
      rest: [],
    });
  });

  it('leaves the words after -- alone', () => {
    expect(parseLine(pull, ['url', '--', 'npx', '-y', '--json'])).toMatchObject({
      options: { json: false },
      positionals: ['url'],
      rest: ['npx', '-y', '--json'],
    });
  });

  it.each([
    ['--shcema x', '"cardea tools pull" has no option --shcema | did you mean "--schema"?'],
    ['--frobnicate', '"cardea tools pull" has no option --frobnicate | see: cardea tools pull --help'],
    ['-x', '"cardea tools pull" has no option -x | see: cardea tools pull --help'],
    ['--schema', '--schema needs a value: --schema FILE | see: cardea tools pull --help'],
    ['--schema --json', '--schema needs a value: --schema FILE | see: cardea tools pull --help'],
    ['--json=yes', '--json takes no value | see: cardea tools pull --help'],
    ['--schema a --schema b', '--schema may be given once | see: cardea tools pull --help'],
    ['--timeout 0', '--timeout is a whole number from 1 to 60, not "0" | '],
    ['--timeout 1e1', '--timeout is a whole number from 1 to 60, not "1e1" | '],
    ['a b', '"cardea tools pull" cannot use the word "b" | see: cardea tools pull --help'],
  ])('refuses %s', (line, failure) => {
    expect(failureOf(() => parseLine(pull, line.split(' ')))).toBe(failure);
  });

  it('demands what is required', () => {
    expect(failureOf(() => parseLine(build, []))).toBe(
      '"cardea build" needs --key FILE | see: cardea build --help',
    );
  });
});
