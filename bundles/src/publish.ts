// Publishing: build, test, sign, store, check what was stored, and only then move the head. Killed at any point, it
// leaves the last good head, and blobs that nobody names. Publishers of one archive take turns.

import type { Digest } from '@cardea/schemas/digest';
import type { Signer, Verifier } from '@cardea/schemas/note';
import { withFolderLock } from './archive/folderLock.ts';
import type { DirectoryArchive } from './archive/directoryArchive.ts';
import { buildBundle, type BuildOptions, type BuiltBundle } from './build/buildBundle.ts';
import type { BuildProblem } from './build/buildProblem.ts';
import type { SourceTree } from './build/sourceTree.ts';
import { ArchiveFault } from './open/bundleSource.ts';
import { readContents } from './open/contents.ts';
import { openBundle, type OpenedBundle } from './open/openBundle.ts';
import { readHead, writeHead, writeSeal, type Head } from './open/seal.ts';
import type { Trust } from './open/trust.ts';

export interface Publisher {
  readonly archive: DirectoryArchive;
  readonly signer: Signer;
  /** Keys of everybody who may publish here: the head before was signed by one of them. */
  readonly publishers: readonly Verifier[];
  /** How long to wait for another publisher. */
  readonly lockWaitMs?: number;
}

export interface PublishOptions extends Publisher, BuildOptions {
  /** Runs the policy tests against the bundle as it would be opened; any problem keeps it from being published. */
  readonly runTests: (bundle: OpenedBundle, tests: SourceTree['tests']) => Promise<readonly BuildProblem[]>;
}

export type PublishResult =
  /** `moved` is false where the head named this bundle before. */
  | {
      readonly kind: 'published';
      readonly head: Head;
      readonly moved: boolean;
      readonly warnings: readonly BuildProblem[];
    }
  | { readonly kind: 'refused'; readonly problems: readonly BuildProblem[] };

const lockWaitMsDefault = 30_000;

/** Throws FolderLockBusy, BundleRefusal for a head that no publisher signed, and what the file system throws. */
export async function publish(sources: SourceTree, options: PublishOptions): Promise<PublishResult> {
  const built = await buildBundle(sources, options);
  if (built.kind === 'refused') return built;
  const { bundle, warnings } = built;
  const failures = await options.runTests(viewBuilt(bundle), sources.tests);
  if (failures.length > 0) return { kind: 'refused', problems: failures };
  const { organisation, profile } = bundle.manifest;
  const trust: Trust = {
    verifiers: [options.signer.verifier],
    organisation,
    profile,
    engines: new Set([options.engine.digest]),
    guardrails: options.guardrails,
  };
  const moved = await inTurn(options, async () => {
    await storeBundle(bundle, options);
    return moveHead(bundle.digest, trust, options);
  });
  return { kind: 'published', warnings, ...moved };
}

/**
 * Makes an archived bundle current again, under a new seq. Throws BundleRefusal for one that does not open under
 * `trust`, and as `publish` does.
 */
export async function rollback(
  digest: Digest,
  trust: Trust,
  publisher: Publisher,
): Promise<{ readonly head: Head; readonly moved: boolean }> {
  return inTurn(publisher, () => moveHead(digest, trust, publisher));
}

/**
 * Puts a bundle into an archive without anybody's signature: to be read there, and published later. Throws as `publish`
 * does.
 */
export async function storeUnsigned(
  bundle: BuiltBundle,
  target: Pick<Publisher, 'archive' | 'lockWaitMs'>,
): Promise<void> {
  await inTurn(target, () => storeParts(bundle, target.archive));
}

/** A bundle as it would be opened, before it is in any archive. */
export function viewBuilt({ digest, manifest, files, blobs }: BuiltBundle): OpenedBundle {
  const engineBytes = blobs.get(manifest.engine.digest) ?? new Uint8Array();
  return { digest, manifest, engineBytes, ...readContents(manifest, files) };
}

async function inTurn<T>(
  { archive, lockWaitMs = lockWaitMsDefault }: Pick<Publisher, 'archive' | 'lockWaitMs'>,
  task: () => Promise<T>,
): Promise<T> {
  await archive.prepare();
  return withFolderLock(archive.directory, lockWaitMs, async () => {
    await archive.sweep();
    return task();
  });
}

/** Parts before the whole: whoever finds a signature finds everything that it vouches for. */
async function storeBundle(bundle: BuiltBundle, { archive, signer }: Publisher): Promise<void> {
  await storeParts(bundle, archive);
  const seal = { organisation: bundle.manifest.organisation, bundle: bundle.digest };
  const existing = await orUndefined(archive.readSignature(bundle.digest));
  await archive.writeSignature(bundle.digest, writeSeal(seal, signer, existing));
}

async function storeParts(bundle: BuiltBundle, archive: DirectoryArchive): Promise<void> {
  for (const [digest, bytes] of bundle.blobs) await archive.writeBlob(digest, bytes);
  await archive.writeManifest(bundle.digest, bundle.manifestBytes);
}

async function moveHead(
  bundle: Digest,
  trust: Trust,
  { archive, signer, publishers }: Publisher,
): Promise<{ head: Head; moved: boolean }> {
  await openBundle(archive, bundle, trust);
  const { organisation } = trust;
  const before = await orUndefined(archive.readHead());
  const last = before === undefined ? undefined : readHead(before, organisation, publishers);
  if (last?.bundle === bundle) return { head: last, moved: false };
  const head = { organisation, seq: (last?.seq ?? 0) + 1, bundle };
  const bytes = writeHead(head, signer);
  await archive.writePastHead(head.seq, bytes);
  await archive.writeHead(bytes);
  return { head, moved: true };
}

async function orUndefined(reading: Promise<Uint8Array>): Promise<Uint8Array | undefined> {
  try {
    return await reading;
  } catch (fault) {
    if (fault instanceof ArchiveFault && fault.code === 'archive_missing') return undefined;
    throw fault;
  }
}
