import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadInstalledEngine } from '@cardea/bundles';
import { CedarHost } from '@cardea/engine';
import { formatPolicies, type FormatResult } from './formatPolicies.ts';

const host = new CedarHost((await loadInstalledEngine()).module);
const widths = { lineWidth: 80, indentWidth: 2 };
const format = (text: string): FormatResult => formatPolicies(host, { path: 'p.cedar', text }, widths);

/** Blanks and comments that may stand between any two tokens. */
const gap = fc.constantFrom(' ', '  ', '\n', '\n\n\n', '\t', ' // one\n', '\n// two {\n// three "\n', '\r\n');

const tokens = (
  '@id ( "a//b" ) permit ( principal is User in ?principal , action in [ Action::"x" , Action::"y" ] , resource ) ' +
  'when { context . n == 9223372036854775807 && ! ( { "a-b" : 1 , c : [ 2 , ] } . c . isEmpty ( ) ) } ' +
  'unless { if true then context has x . y else ip ( "::1" ) . isIpv6 ( ) } ; forbid ( principal , action , resource ) ;'
).split(' ');

describe('formatting', () => {
  it('keeps every policy and every comment wherever it stands, and is then content', () => {
    fc.assert(
      fc.property(fc.array(gap, { minLength: tokens.length, maxLength: tokens.length }), (gaps) => {
        const text = tokens.map((token, at) => token + (gaps[at] ?? '')).join('');
        const first = format(text);
        // Where Cedar's formatter loses something the file stays as it is; what it gives is never a loss.
        if (first.kind === 'problems') {
          expect(first.problems.map(({ code }) => code)).toEqual(['format_unsafe']);
          return;
        }
        expect(count(first.text, /\/\/ (?:one|two|three)/g)).toBe(count(text, /\/\/ (?:one|two|three)/g));
        expect(format(first.text)).toEqual(first);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    { rule: 'a mistake', condition: '(', code: 'policy_syntax' },
    {
      rule: 'what nests too deeply',
      condition: `${'('.repeat(999)}1${')'.repeat(999)}`,
      code: 'policy_too_deep',
    },
    // Cedar's formatter drops a comment on a line of its own before a comma that ends a list.
    { rule: 'a comment that would be lost', condition: '[2\n// two\n,].isEmpty()', code: 'format_unsafe' },
  ])('refuses $rule', ({ condition, code }) => {
    const result = format(`permit (principal, action, resource) when { ${condition} };`);
    expect(result.kind === 'problems' && result.problems[0]?.code).toBe(code);
  });
});

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
