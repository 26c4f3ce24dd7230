import { describe, expect, it } from '@jest/globals';
import { appliesToText, coreSchemaText, methodSchemaText, usageSchemaText } from './coreSchema.ts';
import { contextFamilies, effects, isServerId, methodActions, reservedServerIds } from './vocabulary.ts';

describe('the core schema', () => {
  it('requires every family in the context of every action', () => {
    const text = appliesToText('Tool', '{}');
    for (const family of contextFamilies)
      expect(text).toMatch(new RegExp(`^ {4}${family}: [A-Z][a-z]+,$`, 'm'));
    expect(text).not.toContain('?');
  });

  it('declares the groups that tools are in', () => {
    expect(coreSchemaText).toContain('action "tools/call", "read", "write", "destructive";');
  });

  it('types one Long for each counter, each once and sorted', () => {
    expect(usageSchemaText(['hour', 'a "day"', 'hour'])).toBe(
      'type Usage = { "a \\"day\\"": Long, "hour": Long };\n',
    );
    expect(usageSchemaText([])).toBe('type Usage = {};\n');
  });

  it('declares each method with its resource', () => {
    const text = methodSchemaText({ counters: ['hour'] });
    for (const [method, resource] of Object.entries(methodActions)) {
      expect(text).toContain(`action "${method}" ${appliesToText(resource, '{}')};\n`);
    }
  });
});

describe('server ids', () => {
  it('are reserved where an action group or the first segment of a method has the name', () => {
    expect([...reservedServerIds].sort()).toEqual([
      'completion',
      'destructive',
      'elicitation',
      'initialize',
      'logging',
      'notifications',
      'ping',
      'prompts',
      'read',
      'resources',
      'roots',
      'sampling',
      'server',
      'subscriptions',
      'tasks',
      'tools',
      'write',
    ]);
    for (const effect of effects) expect(isServerId(effect)).toBe(false);
  });

  it.each([
    ['github', true],
    ['a', true],
    ['a-1', true],
    ['a'.repeat(63), true],
    ['a'.repeat(64), false],
    ['', false],
    ['1a', false],
    ['-a', false],
    ['GitHub', false],
    ['a_b', false],
    ['a/b', false],
    ['github\n', false],
    ['tools', false],
    ['ping', false],
  ])('%j: %s', (text, valid) => {
    expect(isServerId(text)).toBe(valid);
  });
});
