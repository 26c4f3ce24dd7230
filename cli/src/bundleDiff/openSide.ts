// One side of a comparison: a project as it stands in a folder, or a bundle out of an archive.
import type { EngineFile } from '@cardea/bundles';
import { readBundle, type OpenedBundle } from '@cardea/bundles/open';
import type { AddressRanges } from '@cardea/dial';
import type { Digest } from '@cardea/schemas/digest';
import { buildProject } from '../bundle/buildProject.ts';
import type { BundleTests } from '../bundle/bundleTests.ts';
import { Failure } from '../frame/failure.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import { failOnArchive, openArchive } from '../trust/archiveLocation.ts';
import { isDigestWord, readDigest } from '../trust/bundleTrust.ts';

export interface Side {
  /** As the user named it. */
  readonly name: string;
  readonly opened: OpenedBundle;
  /** None for an archived bundle: tests decide nothing, so they are no part of it. */
  readonly tests: BundleTests;
}

export type SideResult =
  | { readonly kind: 'side'; readonly side: Side }
  | { readonly kind: 'problems'; readonly problems: readonly Diagnostic[] };

export interface SideOptions {
  readonly installed: EngineFile;
  readonly archive: string | undefined;
  /** Where its name may lead. */
  readonly allow: AddressRanges;
  /** Archived engines that may run here. */
  readonly engines: readonly Digest[];
}

/** Throws Failure for a folder or a bundle that cannot be read, and for an engine that may not run here. */
export async function openSide(name: string, options: SideOptions): Promise<SideResult> {
  if (!isDigestWord(name)) {
    const outcome = await buildProject(name, options.installed);
    if (outcome.kind === 'problems') return outcome;
    const { opened, tests } = outcome.built;
    return { kind: 'side', side: { name, opened, tests } };
  }
  const opened = await readArchived(name, options);
  return { kind: 'side', side: { name, opened, tests: { tests: [], problems: [] } } };
}

/** Naming a digest vouches for the bytes; that its engine runs here is for the installation to say. */
async function readArchived(
  name: string,
  { installed, archive, allow, engines }: SideOptions,
): Promise<OpenedBundle> {
  if (archive === undefined) throw new Failure('a digest needs an archive to look in: --archive DIR|URL');
  const source = openArchive(archive, allow);
  const opened = await failOnArchive(() => readBundle(source, readDigest(name)));
  const { engine } = opened.manifest;
  if (engine.digest === installed.digest || engines.includes(engine.digest)) return opened;
  throw new Failure(
    `${name} was made for another engine, version ${engine.version}`,
    `if it is to run here: --engine ${engine.digest}`,
  );
}
