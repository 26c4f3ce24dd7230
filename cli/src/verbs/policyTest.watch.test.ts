import type { ChildProcess } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { collect, fixtures, follow, start } from '../../test/cardea.ts';

describe('cardea policy test --watch', () => {
  let folder: string;
  let child: ChildProcess | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cardea-'));
    for (const name of ['policies.cedar', 'tests.json']) {
      await copyFile(join(fixtures, 'plain', name), join(folder, name));
    }
  });

  afterEach(async () => {
    child?.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  it('runs again after a change, survives a mistake, and ends with the last exit code', async () => {
    child = start(['policy', 'test', '--watch', '--policies', 'policies.cedar', 'tests.json'], folder);
    const ended = collect(child);
    const shows = follow(child);
    const policies = join(folder, 'policies.cedar');
    const good = await readFile(policies, 'utf8');
    await shows('4 passed');
    await writeFile(policies, 'permit (principal, action, resource');
    await shows('no test was run');
    await writeFile(policies, good);
    await shows('4 passed');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, err: '' });
  });

  it('demands files that are there', async () => {
    const line = ['policy', 'test', '--watch', '--policies', 'policies.cedar', 'nowhere.json'];
    expect(await collect(start(line, folder))).toEqual({
      code: 1,
      out: '',
      err: 'error: cannot watch nowhere.json: there is no such file\n',
    });
  });
});
