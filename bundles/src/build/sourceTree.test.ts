import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { build, files, makeSources } from '../../test/sample.ts';
import { fileBytesMax } from '../open/openBundle.ts';
import { readSources, type SourceTree } from './sourceTree.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cardea-sources-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

const put = async (path: string, content: string | Uint8Array, root = directory): Promise<void> => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
};

const read = async (root = directory): Promise<SourceTree> => {
  const result = await readSources(root);
  if (result.kind === 'refused') throw new Error(JSON.stringify(result.problems));
  return result.sources;
};

const refusals = async (): Promise<string[]> => {
  const result = await readSources(directory);
  return result.kind === 'refused' ? result.problems.map(({ code, file }) => `${code} ${file}`) : [];
};

describe('readSources', () => {
  it('gives the same bundle from any directory, whatever order its files were written in', async () => {
    const paths = Object.entries(files);
    for (const [path, text] of paths) await put(`one/${path}`, text);
    for (const [path, text] of paths.toReversed()) await put(`deep/down/two/${path}`, text);
    const { digest } = await build(makeSources());
    expect((await build(await read(join(directory, 'one')))).digest).toBe(digest);
    expect((await build(await read(join(directory, 'deep/down/two')))).digest).toBe(digest);
  });

  it('reads policies at any depth and tests, and passes over what is no source', async () => {
    await put('cardea.json', '{}');
    await put('policies/a.cedar', '');
    await put('policies/team/sub/b.cedar', '');
    await put('policies/README.md', '');
    await put('policies/.draft.cedar', '');
    await put('tests/refunds.json', '[]');
    await put('tests/notes.txt', '');
    await put('README.md', '');
    await put('.git/policies/c.cedar', '');
    await put('other/d.cedar', '');
    const sources = await read();
    expect([...sources.files.keys()]).toEqual([
      'cardea.json',
      'policies/a.cedar',
      'policies/team/sub/b.cedar',
    ]);
    expect([...sources.tests.keys()]).toEqual(['tests/refunds.json']);
  });

  it.each([
    ['a policy beside the project file', 'refunds.cedar'],
    ['a policy among the tests', 'tests/refunds.cedar'],
    ['a policy in a folder that is almost right', 'policy/refunds.cedar'],
    ['a catalog in a folder that is almost right', 'catalogs/github.json'],
    ['a catalog in a folder of its own', 'catalog/github/tools.json'],
    ['a catalog of a server that cannot be', 'catalog/GitHub.json'],
    ['a policy with a blank in its name', 'policies/my policy.cedar'],
    ['a schema under another name', 'acme.cedarschema'],
  ])('refuses %s, since it would not be read', async (_, path) => {
    await put(path, '');
    const [refusal] = await refusals();
    expect(refusal).toMatch(/^source_misplaced /);
    expect(path).toContain(refusal?.split(' ').slice(1).join(' '));
  });

  it('follows no links: they could lead anywhere', async () => {
    await put('policies/a.cedar', '');
    await symlink('/etc', join(directory, 'policies', 'etc'));
    await symlink('a.cedar', join(directory, 'policies', 'b.cedar'));
    expect((await refusals()).sort()).toEqual([
      'source_misplaced policies/b.cedar',
      'source_misplaced policies/etc',
    ]);
  });

  it('reads no file beyond the limit', async () => {
    await put('policies/a.cedar', new Uint8Array(fileBytesMax + 1));
    expect(await refusals()).toEqual(['source_too_large policies/a.cedar']);
  });

  it('stops at folders without end', async () => {
    await put(`policies/${'a/'.repeat(12)}b.cedar`, '');
    expect(await refusals()).toHaveLength(1);
  });

  it('throws where there is no such directory', async () => {
    await expect(readSources(join(directory, 'missing'))).rejects.toThrow('ENOENT');
  });
});
