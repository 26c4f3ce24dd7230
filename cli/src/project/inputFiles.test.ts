import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fileBytesMax, findFiles, policyFiles, readTextFile } from './inputFiles.ts';

let folder: string;
const at = (path: string): string => join(folder, path);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cardea-'));
  for (const path of ['b', '.hidden', 'node_modules']) await mkdir(at(path));
  const files = ['z.cedar', 'a.cedar', 'b/Z.cedar', 'b/c.txt', '.hidden/x.cedar', 'node_modules/y.cedar'];
  for (const path of files) await writeFile(at(path), path);
});

afterEach(() => rm(folder, { recursive: true }));

describe('files that the user names', () => {
  const list = (...paths: string[]): string[] =>
    findFiles(paths.map(at), policyFiles).map((path) => relative(folder, path));

  it('of a folder are those of its kind, below it, in an order that is the same everywhere', () => {
    expect(list('')).toEqual(['a.cedar', 'b/Z.cedar', 'z.cedar']);
  });

  it('are taken as named, and once', async () => {
    await symlink(at('a.cedar'), at('link.cedar'));
    expect(list('b/c.txt', 'z.cedar', 'z.cedar', 'link.cedar', 'a.cedar')).toEqual([
      'b/c.txt',
      'z.cedar',
      'link.cedar',
    ]);
  });

  it('are not looked for through a link that leads in a circle', async () => {
    await symlink(folder, at('b/up'));
    expect(list('b')).toEqual(['b/Z.cedar']);
  });

  it.each([
    ['nowhere', /cannot read .*nowhere: there is no such file$/],
    ['b/c.txt/x', /cannot read .*x: a part of the path is no folder$/],
    ['.hidden/empty', /holds no file that is named \*\.cedar$/],
  ])('%s: %s', async (path, message) => {
    await mkdir(at('.hidden/empty'));
    expect(() => list(path)).toThrow(message);
  });
});

describe('reading a file', () => {
  it('refuses what is too large before it is read', async () => {
    await truncate(at('a.cedar'), fileBytesMax + 1);
    expect(() => readTextFile(at('a.cedar'))).toThrow(`and ${fileBytesMax} is the limit`);
  });

  it('refuses bytes that are not UTF-8', async () => {
    await writeFile(at('a.cedar'), new Uint8Array([0x70, 0xff]));
    expect(() => readTextFile(at('a.cedar'))).toThrow('a.cedar is not UTF-8 text');
  });

  it('refuses a folder', () => {
    expect(() => readTextFile(at('b'))).toThrow(/cannot read .*b: it is a folder$/);
  });
});
