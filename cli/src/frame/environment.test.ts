import { describe, expect, it } from '@jest/globals';
import { parseLine } from './commandLine.ts';
import type { Environment } from './environment.ts';
import { Failure } from './failure.ts';
import { renderHelp } from './help.ts';
import { defineVerb } from './verb.ts';

const serve = defineVerb({
  name: 'serve',
  summary: 'Serve',
  environment: true,
  options: {
    archive: { type: 'text', value: 'DIR', required: true, description: 'a folder' },
    trust: { type: 'text', value: 'KEY', many: true, required: true, description: 'keys' },
    'stale-after': {
      type: 'integer',
      value: 'SECONDS',
      min: 5,
      max: 300,
      default: 30,
      description: 'an age',
    },
    traces: { type: 'flag', description: 'send traces' },
  },
  run: () => Promise.resolve(0),
});

const plain = defineVerb({ ...serve, environment: undefined as never });
const enough = { CARDEA_ARCHIVE: '/a', CARDEA_TRUST: 'one' };

function failureOf(words: readonly string[], environment: Environment, verb = serve): string {
  try {
    parseLine(verb, words, environment);
  } catch (failure) {
    if (failure instanceof Failure) return failure.message;
    throw failure;
  }
  return 'no failure';
}

describe('options from the environment', () => {
  it('are read under the name of the option, several values by blanks', () => {
    const environment = { CARDEA_ARCHIVE: '/a b', CARDEA_TRUST: ' one\n two ', CARDEA_STALE_AFTER: '5' };
    expect(parseLine(serve, [], { ...environment, CARDEA_TRACES: 'true' }).options).toEqual({
      archive: '/a b',
      trust: ['one', 'two'],
      'stale-after': 5,
      traces: true,
    });
  });

  it('stand behind the command line', () => {
    const { options } = parseLine(serve, ['--archive', '/b', '--trust=two'], enough);
    expect(options).toMatchObject({ archive: '/b', trust: ['two'] });
  });

  it.each([
    ['CARDEA_STALE_AFTER', '4', 'CARDEA_STALE_AFTER is a whole number from 5 to 300, not "4"'],
    // What Kubernetes sets for a service of that name.
    ['CARDEA_STALE_AFTER', 'tcp://1.2.3.4:80', /^CARDEA_STALE_AFTER is a whole number/],
    ['CARDEA_TRACES', '1', 'CARDEA_TRACES is true or false, not "1"'],
    ['CARDEA_ARCHIVE', '', '"cardea serve" needs --archive DIR or CARDEA_ARCHIVE'],
    ['CARDEA_TRUST', ' ', '"cardea serve" needs --trust KEY or CARDEA_TRUST'],
  ])('%s as %j is refused under its own name', (name, value, message) => {
    const failure = failureOf([], { ...enough, [name]: value });
    if (typeof message === 'string') expect(failure).toBe(message);
    else expect(failure).toMatch(message);
  });

  it('are read for services alone', () => {
    expect(failureOf([], enough, plain)).toBe('"cardea serve" needs --archive DIR');
    expect(renderHelp(serve, 100)).toContain('CARDEA_STALE_AFTER');
    expect(renderHelp(plain, 100)).not.toContain('CARDEA_');
  });
});
