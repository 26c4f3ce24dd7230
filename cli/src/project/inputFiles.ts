// Files that the user names: found, bounded, and read as UTF-8. A folder stands for the files in it, in an order that
// is the same everywhere, since policies without @id are numbered in it.
import { lstatSync, readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../frame/failure.ts';
import type { SourceFile } from '../report/sourceFile.ts';
import { explainFault } from './fileFault.ts';

/** Entries of a folder that are looked at, over all of its subfolders. */
const entriesMax = 100_000;

/** Files of one kind in one command. */
const filesMax = 10_000;

/** One file: far above any policy or schema file, below what would fill the memory. Tests bring their own entities. */
export const fileBytesMax = 16 * 1024 * 1024;

/** What a folder stands for: of the files in it those that `accepts` takes, `named` as a user would name them. */
export interface FileKind {
  readonly named: string;
  accepts(name: string): boolean;
}

export const policyFiles: FileKind = { named: '*.cedar', accepts: (name) => name.endsWith('.cedar') };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Throws Failure for a file that is not there, is too large, or is not text. */
export function readTextFile(path: string): SourceFile {
  const bytes = attempt(path, () => {
    const { size } = statSync(path);
    if (size > fileBytesMax) throw new Failure(`${path} has ${size} bytes, and ${fileBytesMax} is the limit`);
    return readFileSync(path);
  });
  try {
    return { path, text: decoder.decode(bytes) };
  } catch {
    throw new Failure(`${path} is not UTF-8 text`);
  }
}

/**
 * Each path that is a file, and of each that is a folder the files of that kind below it. A file that is
 * reached twice is listed once. Throws Failure for a path that is not there and for a folder without any such file.
 */
export function findFiles(paths: readonly string[], kind: FileKind): string[] {
  const byRealPath = new Map<string, string>();
  for (const path of paths) {
    const isFolder = attempt(path, () => statSync(path).isDirectory());
    const found = isFolder ? listFolder(path, kind) : [path];
    if (found.length === 0) throw new Failure(`${path} holds no file that is named ${kind.named}`);
    for (const file of found) {
      const real = attempt(file, () => realpathSync(file));
      if (!byRealPath.has(real)) byRealPath.set(real, file);
    }
  }
  if (byRealPath.size > filesMax)
    throw new Failure(`more than ${filesMax} files are too many for one command`);
  return [...byRealPath.values()];
}

/** Links to folders are not followed, so that no walk is endless; hidden folders and node_modules are not entered. */
function listFolder(root: string, kind: FileKind): string[] {
  const found: string[] = [];
  const open = [root];
  let entries = 0;
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const here = folder;
    for (const name of attempt(here, () => readdirSync(here))) {
      entries += 1;
      if (entries > entriesMax) throw new Failure(`${root} holds more than ${entriesMax} entries`);
      const path = join(here, name);
      const isFolder = attempt(path, () => lstatSync(path).isDirectory());
      if (isFolder && !name.startsWith('.') && name !== 'node_modules') open.push(path);
      if (!isFolder && kind.accepts(name)) found.push(path);
    }
  }
  return found.sort((left, right) => (left < right ? -1 : 1));
}

function attempt<T>(path: string, task: () => T): T {
  try {
    return task();
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`cannot read ${path}: ${explainFault(error)}`);
  }
}
