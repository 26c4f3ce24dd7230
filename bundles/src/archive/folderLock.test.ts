import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FolderLockBusy, withFolderLock } from './folderLock.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cardea-lock-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

const nothing = (): Promise<void> => Promise.resolve();

/** The id of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.on('close', resolve));
  return child.pid ?? 0;
}

describe('withFolderLock', () => {
  it('lets one in at a time', async () => {
    let inside = 0;
    let most = 0;
    const task = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => withFolderLock(directory, 20_000, task)));
    expect(most).toBe(1);
  });

  it('refuses while another holds it, and names the holder', async () => {
    await withFolderLock(directory, 0, async () => {
      const attempt = withFolderLock(directory, 0, nothing);
      await expect(attempt).rejects.toThrow(FolderLockBusy);
      await expect(attempt).rejects.toThrow(String(process.pid));
    });
  });

  it('is free again after a task that failed', async () => {
    const failing = withFolderLock(directory, 0, () => Promise.reject(new Error('task')));
    await expect(failing).rejects.toThrow('task');
    await withFolderLock(directory, 0, nothing);
  });

  it.each([
    ['a dead process', async () => `${await deadPid()} 1`],
    ['a process whose id went to another', () => Promise.resolve(`${process.pid} 1`)],
    ['an empty file', () => Promise.resolve('')],
  ])('is taken over from %s, by one of many', async (_, holder) => {
    await mkdir(join(directory, 'locks'));
    await writeFile(join(directory, 'locks', '7'), await holder());
    const attempts = await Promise.allSettled(
      Array.from({ length: 6 }, () =>
        withFolderLock(directory, 0, () => new Promise((resolve) => setTimeout(resolve, 200))),
      ),
    );
    expect(attempts.filter((attempt) => attempt.status === 'fulfilled')).toHaveLength(1);
  });

  it('leaves one file, whatever killed holders left', async () => {
    await mkdir(join(directory, 'locks'));
    for (const name of ['3', '4', '.tmp-x']) await writeFile(join(directory, 'locks', name), '');
    await withFolderLock(directory, 0, nothing);
    expect(await readdir(join(directory, 'locks'))).toEqual(['5']);
  });
});
