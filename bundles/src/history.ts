// What was current before. The heads of an archive are signed, so nobody without a publisher's key can put a bundle
// into its past.

import type { Digest } from '@cardea/schemas/digest';
import type { Verifier } from '@cardea/schemas/note';
import type { DirectoryArchive } from './archive/directoryArchive.ts';
import { BundleRefusal } from './open/bundleRefusal.ts';
import { ArchiveFault } from './open/bundleSource.ts';
import { readHead, type Head } from './open/seal.ts';

/** Heads that are looked at: past these, a rollback names its bundle. */
const headsMax = 1_000;

/**
 * The bundle that was current before the one that is: a rollback of a rollback goes further back, never forward again.
 * Undefined where nothing is known to have been. Throws BundleRefusal for heads that no publisher signed, ArchiveFault.
 */
export async function findPrevious(
  archive: DirectoryArchive,
  organisation: string,
  publishers: readonly Verifier[],
): Promise<Digest | undefined> {
  const current = readHead(await archive.readHead(), organisation, publishers);
  let previous: Digest | undefined;
  const lowest = Math.max(1, current.seq - headsMax);
  for (let seq = current.seq - 1; seq >= lowest; seq -= 1) {
    const head = await readPast(archive, seq, organisation, publishers);
    if (head === undefined) break;
    // Seen before the current one began: unless the current bundle turns up again further back.
    if (head.bundle === current.bundle) previous = undefined;
    else previous ??= head.bundle;
  }
  return previous;
}

async function readPast(
  archive: DirectoryArchive,
  seq: number,
  organisation: string,
  publishers: readonly Verifier[],
): Promise<Head | undefined> {
  try {
    const head = readHead(await archive.readPastHead(seq), organisation, publishers);
    if (head.seq === seq) return head;
    throw new BundleRefusal('bundle_tampered', `the head in the place of seq ${seq} is that of ${head.seq}`);
  } catch (fault) {
    if (fault instanceof ArchiveFault && fault.code === 'archive_missing') return undefined;
    throw fault;
  }
}
