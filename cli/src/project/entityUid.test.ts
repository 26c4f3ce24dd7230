import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadInstalledEngine } from '@cardea/bundles';
import { CedarHost } from '@cardea/engine';
import { quoteText } from '@cardea/schemas/cedar';
import { readEntityUid } from './entityUid.ts';

const host = new CedarHost((await loadInstalledEngine()).module);

describe('an entity written as in policies', () => {
  it.each([
    ['User::"ann"', { type: 'User', id: 'ann' }],
    ['A::B::User::""', { type: 'A::B::User', id: '' }],
    ['Action::"a/b \\"c\\" \\u{1F600}\\n"', { type: 'Action', id: 'a/b "c" 😀\n' }],
  ])('%s', (text, uid) => {
    expect(readEntityUid(host, text)).toEqual(uid);
  });

  it.each([
    '',
    'ann',
    '"ann"',
    'User::ann',
    'User :: "ann"',
    ' User::"ann"',
    'User::"ann" // who',
    'User::"ann", action, resource); permit (principal',
    'User::"a" || User::"b"',
    'if::"x"',
    'User::"\\q"',
    'User::"\ud800"',
    `User::"${'a'.repeat(5_000)}"`,
  ])('%s is none', (text) => {
    expect(readEntityUid(host, text)).toBeUndefined();
  });

  it('takes any id that can be written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (id) => {
        expect(readEntityUid(host, `User::${quoteText(id)}`)).toEqual({ type: 'User', id });
      }),
    );
  });
});
