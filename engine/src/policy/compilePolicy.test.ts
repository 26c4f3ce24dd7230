import { describe, expect, it } from '@jest/globals';
import { cedarModule } from '../../test/oracle.ts';
import { inDisposableHost } from '../wasm/cedarHost.ts';
import { compilePolicy, type CompileResult } from './compilePolicy.ts';

function compile(text: string, fallbackId?: string): CompileResult {
  return inDisposableHost(cedarModule, (host) =>
    compilePolicy(host, { text, file: 'a.cedar', start: 100 }, fallbackId),
  );
}

const scope = '(principal, action, resource)';
const chain = (operator: string, terms: number): string =>
  Array(terms).fill('context.a').join(` ${operator} `);

describe('compilePolicy', () => {
  it('keeps what deciding needs', () => {
    const text = `@id("x") @hold("finance") @message("Wait.") forbid ${scope} when { context.a };`;
    expect(compile(text)).toMatchObject({
      kind: 'compiled',
      policy: { id: 'x', effect: 'forbid', hold: 'finance', message: 'Wait.', text },
    });
  });

  it.each([
    ['no id', `permit ${scope};`, 'id_missing'],
    ['an empty id', `@id("") permit ${scope};`, 'id_missing'],
    ['an id without value', `@id permit ${scope};`, 'id_missing'],
    ['@hold on a permit', `@id("x") @hold("g") permit ${scope};`, 'hold_on_permit'],
    ['an empty @hold', `@id("x") @hold("") forbid ${scope};`, 'hold_empty'],
    ['a blank @hold', `@id("x") @hold("  ") forbid ${scope};`, 'hold_empty'],
    ['@hold without a group', `@id("x") @hold forbid ${scope};`, 'hold_empty'],
    ['@Hold', `@id("x") @Hold("g") forbid ${scope};`, 'annotation_misspelt'],
    ['@holds', `@id("x") @holds("g") forbid ${scope};`, 'annotation_misspelt'],
    ['@hld', `@id("x") @hld("g") forbid ${scope};`, 'annotation_misspelt'],
    ['@hodl', `@id("x") @hodl("g") forbid ${scope};`, 'annotation_misspelt'],
    ['@bold', `@id("x") @bold("g") forbid ${scope};`, 'annotation_misspelt'],
    ['unknown()', `@id("x") permit ${scope} when { unknown("a") };`, 'policy_unknown_function'],
    ['a template', '@id("x") permit (principal == ?principal, action, resource);', 'policy_template'],
    ['a missing brace', `@id("x") permit ${scope} when { true ;`, 'policy_syntax'],
    ['two policies', `@id("x") permit ${scope}; @id("y") permit ${scope};`, 'policy_syntax'],
    ['a chain of 150 ||', `@id("x") permit ${scope} when { ${chain('||', 150)} };`, 'policy_too_deep'],
    [
      'a chain of 380 ||, which kills the engine',
      `@id("x") permit ${scope} when { ${chain('||', 380)} };`,
      'policy_too_deep',
    ],
    ['a chain of 5,000 &&', `@id("x") permit ${scope} when { ${chain('&&', 5_000)} };`, 'policy_too_deep'],
    [
      'an attribute path of 5,000 steps',
      `@id("x") permit ${scope} when { context${'.a'.repeat(5_000)} };`,
      'policy_too_deep',
    ],
    [
      'a path of 101 steps after has',
      `@id("x") permit ${scope} when { context has a${'.a'.repeat(100)} };`,
      'policy_too_deep',
    ],
    [
      '102 conditions, which the engine joins',
      `@id("x") permit ${scope} ${'when { true } '.repeat(102)};`,
      'policy_too_deep',
    ],
    ['a token that is called slot', `@id("x") permit ${scope} when { slot slot };`, 'policy_syntax'],
    ['70,000 characters', `@id("${'x'.repeat(70_000)}") permit ${scope};`, 'policy_too_large'],
  ])('refuses %s', (_, text, code) => {
    expect(compile(text)).toMatchObject({ kind: 'problem', problem: { code, file: 'a.cedar' } });
  });

  it.each(['doc', 'owner', 'held_by', 'household', 'owner_of'])('takes the annotation @%s', (annotation) => {
    expect(compile(`@id("x") @${annotation}("v") forbid ${scope};`).kind).toBe('compiled');
  });

  it.each([
    ['a chain of 90 ||', `when { ${chain('||', 90)} }`],
    ['a path of 100 steps after has', `when { context has a${'.a'.repeat(99)} }`],
    ['101 conditions', 'when { true } '.repeat(101)],
  ])('takes %s', (_, conditions) => {
    expect(compile(`@id("x") permit ${scope} ${conditions};`).kind).toBe('compiled');
  });

  it('points at the offending text, in characters of the file', () => {
    const text = `@id("é😀") permit ${scope} whn { true };`;
    const result = compile(text);
    const at = result.kind === 'problem' ? [result.problem.start - 100, result.problem.end - 100] : [];
    expect(text.slice(...at)).toBe('whn');
  });

  it('names a policy without id as the caller says, where the caller does', () => {
    expect(compile(`permit ${scope};`, 'policy7')).toMatchObject({ policy: { id: 'policy7' } });
  });
});
