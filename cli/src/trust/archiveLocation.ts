// Where bundles are archived, as a word of a command line: a directory, or the URL of one that a web server shows.
import { statSync } from 'node:fs';
import { DirectoryArchive, FolderLockBusy, UrlArchive } from '@cardea/bundles';
import type { AddressRanges } from '@cardea/dial';
import { ArchiveFault, BundleRefusal, type BundleSource } from '@cardea/bundles/open';
import { Failure } from '../frame/failure.ts';
import { explainFault } from '../project/fileFault.ts';

/** `allow` is where its name may lead. Throws Failure for a URL that no archive can have, and for a directory that is not there. */
export function openArchive(location: string, allow: AddressRanges): BundleSource {
  if (!isUrl(location)) return openDirectory(location);
  try {
    return new UrlArchive(location, { allow });
  } catch (error) {
    if (error instanceof TypeError) throw new Failure(`${location}: ${error.message}`);
    throw error;
  }
}

/** To be read and written. Throws Failure where it is not there. */
export function openDirectory(location: string): DirectoryArchive {
  requireDirectory(location);
  const stats = statSync(location, { throwIfNoEntry: false });
  if (stats === undefined)
    throw new Failure(`there is no archive at ${location}`, 'bundle publish makes one');
  if (!stats.isDirectory()) throw new Failure(`${location} is no archive: it is a file`);
  return new DirectoryArchive(location);
}

/** To be written, and made where it is not there yet. */
export function makeDirectory(location: string): DirectoryArchive {
  requireDirectory(location);
  return new DirectoryArchive(location);
}

/** What an archive can do to a verb, as a Failure: a refusal keeps its code. */
export async function failOnArchive<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof BundleRefusal || error instanceof ArchiveFault) {
      throw new Failure(`${error.message} (${error.code})`);
    }
    if (error instanceof FolderLockBusy) {
      throw new Failure(
        `process ${error.holder} is publishing to this archive`,
        'try again when it has ended',
      );
    }
    const { path, syscall } = error as NodeJS.ErrnoException;
    if (path === undefined || syscall === undefined) throw error;
    throw new Failure(`cannot ${syscall} ${path}: ${explainFault(error)}`);
  }
}

function requireDirectory(location: string): void {
  if (isUrl(location)) throw new Failure(`${location} is a URL: publishing writes to a directory`);
}

function isUrl(location: string): boolean {
  return /^https?:/i.test(location);
}
