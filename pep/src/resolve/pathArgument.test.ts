import { describe, expect, it } from '@jest/globals';
import { posix, win32 } from 'node:path';
import type { Refusal } from '@cardea/schemas/codes';
import { parseStrictJson, type JsonObject } from '@cardea/schemas/json';
import fc from 'fast-check';
import { requireNormalPaths } from './pathArgument.ts';

function refusalOf(args: object): string | undefined {
  try {
    requireNormalPaths(parseStrictJson(JSON.stringify(args)) as JsonObject);
    return undefined;
  } catch (refusal) {
    expect((refusal as Refusal).code).toBe('invalid_argument');
    return (refusal as Refusal).message;
  }
}

describe('requireNormalPaths', () => {
  it.each([
    '',
    '.',
    '/',
    'a',
    '/etc/passwd',
    'a/b/',
    'a..b/...c/.d',
    'C:\\Users\\x',
    'C:/Users/x',
    'https://example.com/a',
    'https://example.com/a%20b/%C3%A9?c=%26',
    'file:///a',
    'a b/\u00e9.txt',
    '100%/a',
    '5%a',
    '~/x',
  ])('takes the path %j', (path) => {
    expect(refusalOf({ path })).toBeUndefined();
  });

  it.each([
    '..',
    '../a',
    './a',
    'a/.',
    'a/..',
    '/etc/../etc/passwd',
    '//etc/passwd',
    '///etc',
    'a//b',
    'a\\..\\b',
    '\\\\host\\share',
    'a\\\\b',
    'a/..\\b',
    'https://example.com/../a',
    'file:////etc/passwd',
    '%2e%2e/a',
    '..%2fa',
    'a%2Fb',
    'a%5cb',
    'a%00',
    '%61/b',
    'a%20b',
    '%C3%A9',
    '%252e%252e/a',
    'https://example.com/%61',
    'https://example.com/a%2Fb',
    'https://example.com/%252e',
    'https://example.com/a%0a',
    'a./b',
    'a /b',
    'a.',
    'a ',
    '... /a',
    'a\\b.',
    'a\0.txt',
    'a\nb',
    'a\u0085b',
    'a\u200bb',
    'a\u200db',
    'a\u202eb',
    '\ufeffa',
    '\u2025/a',
    '\uff0e\uff0e/a',
    'a\uff0fb',
    'a\u2215b',
    'e\u0301',
    `e${'\u0316'.repeat(31)}`,
  ])('refuses the path %j', (path) => {
    expect(refusalOf({ path })).toMatch(/^arguments\/path: a path that /);
  });

  it.each([
    'path',
    'paths',
    'file',
    'fileName',
    'file_names',
    'workdir',
    'filePath',
    'file_path',
    'FILE',
    'sourcePath',
    'target-dir',
    'working_directory',
    'cwd',
    'rootFolder',
    'destination',
    'base.dir',
  ])('knows a path by the name %s', (name) => {
    expect(refusalOf({ [name]: '../x' })).toBe(`arguments/${name}: a path that has dot segments`);
  });

  it.each(['title', 'profile', 'rooted', 'body', 'pathology', 'sourceId'])(
    'takes anything under %s',
    (name) => {
      expect(refusalOf({ [name]: '../x' })).toBeUndefined();
    },
  );

  it('finds paths in lists and in members, wherever they are', () => {
    expect(refusalOf({ paths: ['a', ['b', '../c']] })).toMatch(/^arguments\/paths\/1\/1:/);
    expect(refusalOf({ edits: [{ text: '../fine', path: '..' }] })).toMatch(/^arguments\/edits\/0\/path:/);
    expect(refusalOf({ 'a/b': { file: '..' } })).toMatch(/^arguments\/a~1b\/file:/);
  });

  it('names no value', () => {
    expect(refusalOf({ path: '../secret' })).not.toContain('secret');
  });

  it('takes no path that is longer than any file system knows', () => {
    expect(refusalOf({ path: 'a'.repeat(4_096) })).toBeUndefined();
    expect(refusalOf({ path: 'a'.repeat(4_097) })).toBe(
      'arguments/path: a path that has more than 4096 characters',
    );
  });

  it.each(['. ', '%2', '/a', '\\.', 'e\u0301', '\u0301\u0316', '\u0316\u0301'])(
    'takes no longer than the arguments for many %j',
    (unit) => {
      const startMs = performance.now();
      refusalOf({ path: `${unit.repeat(200_000)}x` });
      const paths = Array.from({ length: 200 }, () => `a${unit.repeat(1_000)}`);
      for (const path of paths) refusalOf({ path });
      expect(performance.now() - startMs).toBeLessThan(500);
    },
  );

  it('takes no absolute path that resolves to another one', () => {
    const pieces = fc.constantFrom('/', '.', '..', 'a', '\\', '%2e', '//', 'b', ' ', '\u2025', '%2f');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const path = `/${parts.join('')}`;
        if (refusalOf({ path }) !== undefined) return;
        expect(posix.normalize(path)).toBe(path);
        const onWindows = win32.normalize(path).replaceAll('\\', '/');
        expect(onWindows).toBe(path.replaceAll('\\', '/'));
      }),
      { numRuns: 2_000 },
    );
  });
});
