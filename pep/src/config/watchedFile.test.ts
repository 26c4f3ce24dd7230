import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WatchedFile } from './watchedFile.ts';

const folder = mkdtempSync(join(tmpdir(), 'cardea-watched-'));
const path = join(folder, 'file');
let nowMs: number;
let file: WatchedFile;

const poll = async (): Promise<string | undefined> => (await file.poll())?.toString();

beforeEach(() => {
  rmSync(path, { force: true, recursive: true });
  nowMs = Date.now() + 60_000;
  file = new WatchedFile(path, { bytesMax: 10, now: () => nowMs });
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('WatchedFile', () => {
  it('gives its content once, and again when it changed', async () => {
    writeFileSync(path, 'one');
    expect([await poll(), await poll()]).toEqual(['one', undefined]);
    writeFileSync(path, 'three');
    expect([await poll(), await poll()]).toEqual(['three', undefined]);
  });

  it('sees a change that the clock of the file system cannot tell', async () => {
    const at = new Date(Math.floor(Date.now() / 1_000) * 1_000);
    writeFileSync(path, 'one');
    utimesSync(path, at, at);
    nowMs = at.getTime() + 1_000;
    expect(await poll()).toBe('one');
    writeFileSync(path, 'two');
    utimesSync(path, at, at);
    expect(await poll()).toBe('two');
    nowMs += 60_000;
    expect([await poll(), await poll()]).toEqual([undefined, undefined]);
  });

  it('follows a link to where it points now', async () => {
    writeFileSync(join(folder, 'a'), 'aaa');
    writeFileSync(join(folder, 'b'), 'bbb');
    symlinkSync(join(folder, 'a'), path);
    expect(await poll()).toBe('aaa');
    symlinkSync(join(folder, 'b'), `${path}.new`);
    renameSync(`${path}.new`, path);
    expect(await poll()).toBe('bbb');
  });

  it('recovers when the file is back', async () => {
    await expect(file.poll()).rejects.toMatchObject({ code: 'ENOENT' });
    writeFileSync(path, 'one');
    expect(await poll()).toBe('one');
  });

  const makers: Readonly<Record<string, () => void>> = {
    'more than it may hold': () => {
      writeFileSync(path, 'x'.repeat(11));
    },
    'a folder': () => {
      mkdirSync(path);
    },
    'a pipe into which nobody writes': () => {
      execFileSync('mkfifo', [path]);
    },
  };

  it.each(Object.entries(makers))('does not read %s', async (_, make) => {
    make();
    await expect(file.poll()).rejects.toThrow();
  });
});
