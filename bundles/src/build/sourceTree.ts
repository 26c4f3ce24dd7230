// The source tree of a bundle as bytes: what a security engineer keeps in git. Which files count is decided by their
// paths alone, and what looks like a source in the wrong place is refused: a policy that nobody reads does not hold.

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isBundlePath, filesMax } from '../open/manifest.ts';
import { bundleBytesMax, fileBytesMax } from '../open/openBundle.ts';
import { makeProblem, type BuildProblem } from './buildProblem.ts';

export interface SourceTree {
  /** What becomes part of the bundle, by path with forward slashes, sorted. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What is run before publishing; it decides nothing, so it is no part of the bundle. */
  readonly tests: ReadonlyMap<string, Uint8Array>;
}

export type SourceResult =
  | { readonly kind: 'read'; readonly sources: SourceTree }
  | { readonly kind: 'refused'; readonly problems: readonly BuildProblem[] };

/** Folders inside one another, which the names of bundle files bound as well. */
const depthMax = 9;

const rootFolders = ['policies', 'catalog', 'tests'];
const sourceExtensions = /\.(?:cedar|cedarschema)$/;
const almostFolder = /^(?:polic|catalog|test)/i;

/** Reads the tree below a directory. Throws what the file system throws. */
export async function readSources(directory: string): Promise<SourceResult> {
  const walk = new Walk(directory);
  await walk.enter('', 0);
  if (walk.problems.length > 0) return { kind: 'refused', problems: walk.problems };
  return { kind: 'read', sources: { files: sortByPath(walk.files), tests: sortByPath(walk.tests) } };
}

class Walk {
  readonly files = new Map<string, Uint8Array>();
  readonly tests = new Map<string, Uint8Array>();
  readonly problems: BuildProblem[] = [];
  readonly #directory: string;
  #bytesLeft = bundleBytesMax;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async enter(folder: string, depth: number): Promise<void> {
    for (const entry of await readdir(join(this.#directory, folder), { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) await this.#enterFolder(path, depth);
      else if (!entry.isFile()) this.#refuse('source_misplaced', 'sources are plain files, not links', path);
      else await this.#take(path);
    }
  }

  async #enterFolder(path: string, depth: number): Promise<void> {
    const [root = ''] = path.split('/');
    if (rootFolders.includes(root)) {
      if (depth >= depthMax) this.#refuse('source_misplaced', `folders nest at most ${depthMax} deep`, path);
      else await this.enter(path, depth + 1);
    } else if (almostFolder.test(root)) {
      this.#refuse(
        'source_misplaced',
        `sources are in ${rootFolders.join(', ')}; this folder is not read`,
        path,
      );
    }
  }

  async #take(path: string): Promise<void> {
    const isTest = path.startsWith('tests/') && path.endsWith('.json');
    if (isTest || isBundlePath(path)) {
      const bytes = await this.#read(path);
      if (bytes !== undefined) (isTest ? this.tests : this.files).set(path, bytes);
    } else if (sourceExtensions.test(path) || (path.startsWith('catalog/') && path.endsWith('.json'))) {
      const where = 'policies/**/*.cedar, catalog/<server>.json or schema.cedarschema, in plain names';
      this.#refuse('source_misplaced', `a bundle has no such file: it would have to be ${where}`, path);
    }
  }

  async #read(path: string): Promise<Uint8Array | undefined> {
    const { size } = await stat(join(this.#directory, path));
    this.#bytesLeft -= size;
    if (size > fileBytesMax || this.#bytesLeft < 0 || this.files.size + this.tests.size >= filesMax) {
      const limits = `${fileBytesMax} bytes a file, ${bundleBytesMax} bytes and ${filesMax} files in all`;
      this.#refuse('source_too_large', `sources may have ${limits}`, path);
      return undefined;
    }
    return new Uint8Array(await readFile(join(this.#directory, path)));
  }

  #refuse(code: 'source_misplaced' | 'source_too_large', message: string, file: string): void {
    this.problems.push(makeProblem(code, message, { file }));
  }
}

function sortByPath(files: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  return new Map([...files].sort(([left], [right]) => (left < right ? -1 : 1)));
}
