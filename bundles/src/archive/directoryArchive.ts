// The archive as a directory: `manifests/`, `signatures/` and `blobs/`, each by hex digest, beside `head`, every head
// there ever was in `heads/`, and `authority`. Any web server can publish it as it stands; `urlArchive` reads the
// result.

import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, hexOf, type Digest } from '@cardea/schemas/digest';
import {
  ArchiveFault,
  manifestBytesMax,
  statementBytesMax,
  type AuthorityAnswer,
  type BundleSource,
} from '../open/bundleSource.ts';
import { isNotFound, readBounded } from './boundedFile.ts';
import { isTemporary, replaceFile } from './durableFile.ts';

const folders = ['blobs', 'heads', 'manifests', 'signatures'] as const;

export class DirectoryArchive implements BundleSource {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  readManifest(digest: Digest): Promise<Uint8Array> {
    return this.#read(`manifests/${hexOf(digest)}`, manifestBytesMax);
  }

  readSignature(digest: Digest): Promise<Uint8Array> {
    return this.#read(`signatures/${hexOf(digest)}`, statementBytesMax);
  }

  readBlob(digest: Digest, bytesMax: number): Promise<Uint8Array> {
    return this.#read(`blobs/${hexOf(digest)}`, bytesMax);
  }

  readHead(): Promise<Uint8Array> {
    return this.#read('head', statementBytesMax);
  }

  /** The head of this seq, as it was signed. */
  readPastHead(seq: number): Promise<Uint8Array> {
    return this.#read(`heads/${seq}`, statementBytesMax);
  }

  async readAuthority(etag?: string): Promise<AuthorityAnswer> {
    const bytes = await this.#read('authority', statementBytesMax);
    const current = digestOf(bytes);
    return current === etag ? { kind: 'unchanged' } : { kind: 'changed', bytes, etag: current };
  }

  /** Creates the folders. Throws where the directory cannot be written. */
  async prepare(): Promise<void> {
    for (const folder of folders) await mkdir(join(this.directory, folder), { recursive: true });
  }

  /** These writers resolve when what they wrote is durable, and change nothing where it is there already. */
  writeManifest(digest: Digest, bytes: Uint8Array): Promise<void> {
    return this.#writeOnce(`manifests/${hexOf(digest)}`, bytes);
  }

  writeSignature(digest: Digest, bytes: Uint8Array): Promise<void> {
    return this.#writeOnce(`signatures/${hexOf(digest)}`, bytes);
  }

  writeBlob(digest: Digest, bytes: Uint8Array): Promise<void> {
    return this.#writeOnce(`blobs/${hexOf(digest)}`, bytes);
  }

  /** For the history: what a killed publisher leaves here above the head never was current. */
  writePastHead(seq: number, bytes: Uint8Array): Promise<void> {
    return this.#writeOnce(`heads/${seq}`, bytes);
  }

  writeHead(bytes: Uint8Array): Promise<void> {
    return this.#writeOnce('head', bytes);
  }

  /** Not durable: after a power cut the signer writes the next one anyway. */
  writeAuthority(bytes: Uint8Array): Promise<void> {
    return replaceFile(join(this.directory, 'authority'), bytes, { durable: false });
  }

  /** Removes what killed publishers left behind. Only for whoever holds the publish lock. */
  async sweep(): Promise<void> {
    for (const folder of folders) await this.#sweepFolder(folder, '');
    // The signer, which takes no lock, may be writing its own file beside the head.
    await this.#sweepFolder('.', 'head-');
  }

  async #sweepFolder(folder: string, target: string): Promise<void> {
    const path = join(this.directory, folder);
    const left = (await readdir(path)).filter((name) => isTemporary(name, target));
    for (const name of left) await rm(join(path, name), { force: true });
  }

  #read(name: string, bytesMax: number): Promise<Uint8Array> {
    return readBounded(join(this.directory, name), name, bytesMax);
  }

  async #writeOnce(name: string, bytes: Uint8Array): Promise<void> {
    // Comparing content, not existence: a disk that lost a blob's bytes is healed by publishing again.
    if (!(await this.#holds(name, bytes))) await replaceFile(join(this.directory, name), bytes);
  }

  async #holds(name: string, bytes: Uint8Array): Promise<boolean> {
    try {
      const { size } = await stat(join(this.directory, name));
      if (size !== bytes.length) return false;
      return Buffer.compare(await this.#read(name, size), bytes) === 0;
    } catch (error) {
      if (isNotFound(error) || error instanceof ArchiveFault) return false;
      throw error;
    }
  }
}
