// Reads a file whole, up to a limit: what lies in an archive is not trusted to be small.

import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { ArchiveFault } from '../open/bundleSource.ts';

/**
 * Not waiting: to open a pipe would take until somebody writes into it. Not following: whoever can write a link into an
 * archive could have any file read that this user may read.
 */
const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/** Throws ArchiveFault, also for a symbolic link. `name` is how the file is called in messages: never its absolute path. */
export async function readBounded(path: string, name: string, bytesMax: number): Promise<Uint8Array> {
  try {
    const file = await open(path, flags);
    try {
      const stats = await file.stat();
      // A device or a pipe has no size, and need not have an end.
      if (!stats.isFile()) throw new Error('this is no file');
      const bytes = stats.size > bytesMax ? undefined : await readAtMost(file, stats.size, bytesMax);
      if (bytes !== undefined) return bytes;
      throw new ArchiveFault('archive_too_large', `${name} has more than ${bytesMax} bytes`);
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof ArchiveFault) throw cause;
    const isMissing = isNotFound(cause);
    throw new ArchiveFault(
      isMissing ? 'archive_missing' : 'archive_unreachable',
      isMissing ? `the archive has no ${name}` : `${name} cannot be read`,
      { cause },
    );
  }
}

/** Undefined where there are more than `bytesMax`: a file can grow after its size was asked. */
async function readAtMost(
  file: FileHandle,
  bytesExpected: number,
  bytesMax: number,
): Promise<Uint8Array | undefined> {
  // One more than expected, so that the end shows without a second look at most files.
  let bytes = new Uint8Array(Math.min(bytesExpected, bytesMax) + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length);
    length += bytesRead;
    if (bytesRead === 0) return bytes.slice(0, length);
    if (length > bytesMax) return undefined;
    if (length < bytes.length) continue;
    const grown = new Uint8Array(Math.min(2 * bytes.length, bytesMax + 1));
    grown.set(bytes);
    bytes = grown;
  }
}

export function isNotFound(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
