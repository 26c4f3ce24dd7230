// What the file system says, in words.

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  ELOOP: 'its links run in a circle',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

/** The code itself where there are no words for it. */
export function explainFault(error: unknown): string {
  const { code = 'an unknown fault' } = error as NodeJS.ErrnoException;
  return reasons[code] ?? code;
}
