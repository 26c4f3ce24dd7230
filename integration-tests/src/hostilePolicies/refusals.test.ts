// Hostile text at publishing is refused with its code and its place. Whatever came before, the same process builds the
// next good bundle.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { BuildProblem } from '@cardea/bundles';
import { plainFiles } from '../../../bundles/test/sample.ts';
import { build, numbered, own, policy, repeat, scope, when, type Change } from './sources.ts';

afterEach(async () => {
  // Nothing that a test fed to the engine may have stayed behind.
  expect((await build()).kind).toBe('built');
});

describe('hostile policies are refused', () => {
  it.each<[string, Change, string, string]>([
    ['500 parentheses', when(`${repeat('(', 500)}true${repeat(')', 500)}`), 'policy_too_deep', '('],
    ['380 terms', when(Array(380).fill('resource.approved').join(' || ')), 'policy_too_deep', 'permit'],
    ['5,000 terms', when(Array(5_000).fill('true').join(' && ')), 'policy_too_deep', '@'],
    [
      'if in if in if',
      when(`${repeat('if resource.approved then false else ', 300)}true`),
      'policy_too_deep',
      'permit',
    ],
    ['nested records', when(`${repeat('{a: ', 200)}1${repeat('}', 200)} == {}`), 'policy_too_deep', '{'],
    ['nested sets', when(`${repeat('[', 200)}1${repeat(']', 200)} == []`), 'policy_too_deep', '['],
    ['a path of 5,000 steps', when(`context has input${repeat('.a', 5_000)}`), 'policy_too_deep', 'permit'],
    [
      '1,000 conditions',
      policy(`@id("x") ${scope} ${repeat('when { true } ', 1_000)};`),
      'policy_too_deep',
      'permit',
    ],
    ['1 MB in one policy', when(`"${repeat('x', 1_000_000)}" == ""`), 'policy_too_large', '@'],
    ['unknown()', when('unknown("input") == 1'), 'policy_unknown_function', '@'],
    ['a function of no language', when('system("rm -rf /")'), 'policy_syntax', 'system("rm -rf /")'],
    ['a text that never ends', policy(`@id("x") ${scope} when { "abc };`), 'policy_syntax', '"'],
    ['a policy that never ends', policy(`@id("x") ${scope}`), 'policy_syntax', '@'],
    ['a comment in another style', policy(`/* all */ @id("x") ${scope};`), 'policy_syntax', '/'],
    ['brackets that close what never opened', policy(`)))) @id("x") ${scope};`), 'policy_syntax', ')'],
    ['semicolons', policy(';'), 'policy_syntax', ';'],
    [
      'an integer past 64 bits',
      when('context.session.ageHours == 9223372036854775808'),
      'policy_syntax',
      '9223372036854775808',
    ],
    ['a lone surrogate by escape', policy(`@id("\\u{d800}") ${scope};`), 'policy_syntax', '@id("\\u{d800}")'],
    [
      '@hold that is none',
      policy('@id("x") @Hold("g") forbid (principal, action, resource is Tool);'),
      'annotation_misspelt',
      '@Hold',
    ],
    ['@hold on a permit', policy(`@id("x") @hold("g") ${scope};`), 'hold_on_permit', '@hold'],
    [
      '@hold for nobody',
      policy('@id("x") @hold(" ") forbid (principal, action, resource is Tool);'),
      'hold_empty',
      '@hold',
    ],
    ['@id twice', policy(`@id("x") @id("y") ${scope};`), 'policy_syntax', '@id("y")'],
    ['@ID', policy(`@ID("x") ${scope};`), 'id_missing', 'permit'],
    ['an id of 257 characters', policy(`@id("${repeat('x', 257)}") ${scope};`), 'id_missing', '@id'],
    ['an id with a control character', policy(`@id("a\\u{7}") ${scope};`), 'id_missing', '@id'],
    ['an id with a NUL', policy(`@id("a\\0") ${scope};`), 'id_missing', '@id'],
    ['the id of another file', policy(`@id("everyone-reads") ${scope};`), 'id_duplicate', '@id'],
    ["a guardrail's id", policy(`@id("guardrail-approved-tools-only") ${scope};`), 'id_duplicate', '@id'],
    [
      'a slot in the scope',
      policy('@id("x") permit (principal == ?principal, action, resource);'),
      'policy_template',
      '?principal',
    ],
    ['a slot in a condition', when('principal == ?principal'), 'policy_template', '?principal'],
    [
      'types of another schema',
      policy(`@id("x") permit (principal is Robot, action == Action::"github/create_issue", resource);`),
      'policy_invalid',
      'Robot',
    ],
    ['an attribute of another schema', when('resource.price > 3'), 'policy_invalid', 'resource.price'],
    [
      'a type of the language itself',
      when('principal is __cedar::String'),
      'policy_syntax',
      '__cedar::String',
    ],
    [
      'a tool of nobody',
      policy('@id("x") permit (principal, action == Action::"gitlab/create_issue", resource);'),
      'name_unknown',
      'Action::"gitlab/create_issue"',
    ],
    [
      'an extension value that is none',
      when('ip("300.1.1.1").isIpv4()'),
      'policy_invalid',
      'ip("300.1.1.1").isIpv4()',
    ],
    ['20,001 policies', policy(numbered(20_001, (at) => `@id("p${at}") ${scope};`)), 'source_too_large', '?'],
    ['bytes that are no UTF-8', { [own]: Uint8Array.of(0x40, 0xff, 0xfe) }, 'source_unreadable', '?'],
    ['UTF-16', { [own]: Buffer.from(`\ufeff@id("x") ${scope};`, 'utf16le') }, 'source_unreadable', '?'],
    ['a truncated character', { [own]: Uint8Array.of(0x2f, 0x2f, 0xe2, 0x82) }, 'source_unreadable', '?'],
    ['JSON', policy('{"effect":"permit"}'), 'policy_syntax', '{'],
  ])('%s', async (_, change, code, text) => {
    const result = await build(change);
    if (result.kind === 'built') throw new Error('it was accepted');
    expect(result.problems.map((problem) => problem.code)).toEqual([code]);
    const [problem] = result.problems as [BuildProblem];
    const source = change[problem.file];
    if (typeof source === 'string' && code !== 'source_too_large') {
      expect(source.slice(problem.start, problem.end)).toBe(text);
    } else expect(problem.file).toMatch(/^policies/);
  });

  it.each<[string, string]>([
    ['between tokens', `@id("x") \0 ${scope};`],
    ['before the policy', `\0@id("x") ${scope};`],
  ])('NUL %s, at its place', async (_, text) => {
    const result = await build(policy(text));
    expect(result).toMatchObject({
      kind: 'refused',
      problems: [{ code: 'policy_syntax', file: own, start: text.indexOf('\0') }],
    });
  });

  it.each<[string, Change]>([
    [
      'types inside types',
      { 'schema.cedarschema': `type A = ${repeat('Set<', 20_000)}Long${repeat('>', 20_000)};` },
    ],
    [
      'records inside records',
      { 'schema.cedarschema': `type A = ${repeat('{a: ', 5_000)}Long${repeat('}', 5_000)};` },
    ],
    ['types in a circle', { 'schema.cedarschema': 'type A = B; type B = A;' }],
    ['NUL', { 'schema.cedarschema': 'entity A;\0' }],
  ])('a schema of %s', async (_, change) => {
    expect(await build(change, plainFiles)).toMatchObject({
      kind: 'refused',
      problems: [{ code: 'schema_invalid', file: 'schema.cedarschema' }],
    });
  });
});
