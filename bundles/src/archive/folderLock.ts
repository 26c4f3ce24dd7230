// One process at a time in a folder. A lock is the file with the highest number in `locks/`; it says which process holds
// it, and a new holder adds the next number. A file that was there is never reused, so two who both find a dead holder cannot
// both take over: linking the next number succeeds for one of them only.

import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isNotFound } from './boundedFile.ts';
import { isTemporary, replaceFile } from './durableFile.ts';

export class FolderLockBusy extends Error {
  /** Its process id. */
  readonly holder: string;

  constructor(holder: string) {
    super(`process ${holder} holds the lock of this folder`);
    this.name = 'FolderLockBusy';
    this.holder = holder;
  }
}

const retryMs = 50;
const released = 'released';

/** Throws FolderLockBusy when the lock could not be had within `waitMs`. */
export async function withFolderLock<T>(
  directory: string,
  waitMs: number,
  task: () => Promise<T>,
): Promise<T> {
  const folder = join(directory, 'locks');
  await mkdir(folder, { recursive: true });
  const path = await acquire(folder, waitMs);
  try {
    return await task();
  } finally {
    // The file stays: whoever saw the number before must not be able to link it again.
    await replaceFile(path, Buffer.from(released), { durable: false });
  }
}

async function acquire(folder: string, waitMs: number): Promise<string> {
  const me = await describeProcess(process.pid);
  for (let waited = 0; ; waited += retryMs) {
    const highest = await findHighest(folder);
    const holder = await readHolder(join(folder, String(highest)));
    if (await isFree(holder)) {
      const path = join(folder, String(highest + 1));
      if (await claim(path, me, folder)) {
        await removeLower(folder, highest + 1);
        return path;
      }
    } else if (waited >= waitMs) {
      throw new FolderLockBusy(holder.split(' ')[0] ?? '');
    }
    await delay(retryMs);
  }
}

/** Linking a file that is already written: no reader ever sees a lock without its holder. */
async function claim(path: string, me: string, folder: string): Promise<boolean> {
  const temporary = join(folder, `.tmp-${randomUUID()}`);
  await writeFile(temporary, me);
  try {
    await link(temporary, path);
  } catch (error) {
    // EEXIST: another was faster. ENOENT: a new holder has swept the temporary file away.
    if (['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  // Somebody may have gone further since the numbers were read: then this number is one of the past.
  if ((await findHighest(folder)) === Number(path.slice(folder.length + 1))) return true;
  await rm(path, { force: true });
  return false;
}

async function isFree(holder: string): Promise<boolean> {
  if (holder === released) return true;
  const pid = Number(holder.split(' ')[0]);
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  // The number may have gone to another process since.
  return (await describeProcess(pid)) !== holder;
}

/** Process id and, where the system tells it, start time: ids are reused. */
async function describeProcess(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // proc(5): state is field 3 and start time field 22, counted from behind the name, which may hold anything.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z') return `${pid} dead`;
  return `${pid} ${fields[18] ?? ''}`;
}

async function readHolder(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isNotFound(error)) return released;
    throw error;
  }
}

async function findHighest(folder: string): Promise<number> {
  return Math.max(0, ...(await readdir(folder)).filter((name) => /^\d+$/.test(name)).map(Number));
}

async function removeLower(folder: string, mine: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (isTemporary(name) || (/^\d+$/.test(name) && Number(name) < mine))
      await rm(join(folder, name), { force: true });
  }
}
