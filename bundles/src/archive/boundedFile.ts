// Reads a file whole, up to a limit: what lies in an archive is not trusted to be small.

import { open } from 'node:fs/promises';
import { ArchiveFault } from '../open/bundleSource.ts';

/** Throws ArchiveFault. `name` is how the file is called in messages: never its absolute path. */
export async function readBounded(path: string, name: string, bytesMax: number): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > bytesMax)
        throw new ArchiveFault('archive_too_large', `${name} has more than ${bytesMax} bytes`);
      return new Uint8Array(await file.readFile());
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

export function isNotFound(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
