import { describe, expect, it } from '@jest/globals';
import { splitPolicies } from './policyText.ts';

function split(text: string): string[] {
  const result = splitPolicies(text, 'a.cedar');
  if (result.kind === 'problem') throw new Error(result.problem.message);
  return result.policies.map((policy) => policy.text);
}

describe('splitPolicies', () => {
  it.each<[string, string, string[]]>([
    ['nothing', '', []],
    ['only comments', '// permit;\n// "\n', []],
    [
      'two policies',
      'permit(principal);\n\nforbid(principal);',
      ['permit(principal);', 'forbid(principal);'],
    ],
    ['a semicolon in a text', '@id("a;b") permit(principal);', ['@id("a;b") permit(principal);']],
    ['a quote in a text', '@id("a\\";b") permit(principal);', ['@id("a\\";b") permit(principal);']],
    ['a semicolon in a comment', 'permit( // ;\nprincipal);', ['permit( // ;\nprincipal);']],
    ['slashes in a text', '@url("https://x;") permit(p);', ['@url("https://x;") permit(p);']],
    ['a comment before a policy', '// why\npermit(p);', ['permit(p);']],
    ['comments that end at carriage returns', '// a\rpermit(p); // b\r\n', ['permit(p);']],
    ['a line break in a text', '@m("a\n;b") permit(p);', ['@m("a\n;b") permit(p);']],
  ])('splits %s', (_, text, policies) => {
    expect(split(text)).toEqual(policies);
  });

  it('says where each policy starts', () => {
    const result = splitPolicies('// é 😀\n permit(p);forbid(p);', 'a.cedar');
    expect(result.kind === 'split' && result.policies.map((policy) => policy.start)).toEqual([9, 19]);
  });

  it.each([
    ['a text that is never closed', 'permit(p) when { "abc };', 'policy_syntax', 17],
    ['a policy without semicolon', 'permit(p);\nforbid(p)', 'policy_syntax', 11],
    ['500 parentheses', `permit(p) when { ${'('.repeat(500)}`, 'policy_too_deep', 116],
  ])('refuses %s', (_, text, code, start) => {
    expect(splitPolicies(text, 'a.cedar')).toMatchObject({ kind: 'problem', problem: { code, start } });
  });

  it('stays linear on hostile text', () => {
    const text = '"\\'.repeat(200_000);
    expect(splitPolicies(text, 'a.cedar').kind).toBe('problem');
  });
});
