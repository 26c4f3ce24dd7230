// Files that are either there whole or not at all: written beside their place, made durable, renamed into it, and the
// directory made durable, in this order. A kill at any point leaves at worst a file with a temporary name.

import { randomUUID } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export interface WriteOptions {
  /** False for what is rewritten every second: replaced at once, but not durable before the next write. */
  readonly durable?: boolean;
  readonly mode?: number;
}

const temporaryPrefix = '.tmp-';

/** Replaces what was there. Concurrent writers do no harm: the last rename wins. */
export async function replaceFile(
  path: string,
  bytes: Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  const { durable = true, mode = 0o644 } = options;
  const temporary = join(dirname(path), `${temporaryPrefix}${basename(path)}-${randomUUID()}`);
  try {
    await writeWhole(temporary, bytes, { durable, mode });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  if (durable) await syncDirectory(dirname(path));
}

/** Whether a killed writer of `target`, or of any file, left this name behind. */
export function isTemporary(name: string, target = ''): boolean {
  return name.startsWith(temporaryPrefix + target);
}

export async function syncDirectory(path: string): Promise<void> {
  await use(await open(path, 'r'), (directory) => directory.sync());
}

async function writeWhole(path: string, bytes: Uint8Array, options: Required<WriteOptions>): Promise<void> {
  await use(await open(path, 'wx', options.mode), async (file) => {
    await file.writeFile(bytes);
    if (options.durable) await file.sync();
  });
}

async function use(file: FileHandle, task: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await task(file);
  } finally {
    await file.close();
  }
}
