// One folder with all below it, heard of whenever something in it changes. Each folder has a watcher of its own: those
// that node makes for a whole tree on Linux stay with a file that was replaced, and hear nothing of the one in its place.
import { readdirSync, watch, type Dirent, type FSWatcher, type WatchListener } from 'node:fs';
import { join } from 'node:path';

/** Of one tree; what lies beyond is not heard. */
const foldersMax = 4_096;

export class WatchedFolder {
  readonly #root: string;
  readonly #onChange: () => void;
  readonly #watchers = new Map<string, FSWatcher>();

  constructor(root: string, onChange: () => void) {
    this.#root = root;
    this.#onChange = onChange;
    this.#follow();
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  /** Folders come and go: afterwards each that is there has a watcher, and no other. */
  #follow(): void {
    const folders = new Set(listFolders(this.#root));
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#watch(folder);
  }

  #watch(folder: string): void {
    const watcher = openWatcher(folder, (event, name) => {
      if (name !== null && isSkipped(name)) return;
      // A folder may be another one now, under the name of the one before.
      if (event === 'rename') this.#followAnew(folder);
      this.#onChange();
    });
    if (watcher === undefined) return;
    // A folder that is removed while it is watched: the one above hears of it.
    watcher.on('error', () => {
      watcher.close();
    });
    this.#watchers.set(folder, watcher);
  }

  #followAnew(parent: string): void {
    for (const [folder, watcher] of this.#watchers) {
      if (!folder.startsWith(join(parent, '/'))) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    this.#follow();
  }
}

/** Undefined for one that has gone since it was listed. */
function openWatcher(folder: string, onEvent: WatchListener<string>): FSWatcher | undefined {
  try {
    return watch(folder, onEvent);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fault;
  }
}

function listFolders(root: string): string[] {
  const found = [root];
  for (const folder of found) {
    for (const entry of readFolder(folder)) {
      if (!entry.isDirectory() || isSkipped(entry.name)) continue;
      if (found.length < foldersMax) found.push(join(folder, entry.name));
    }
  }
  return found;
}

/** One that has gone meanwhile holds nothing. */
function readFolder(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/**
 * Hidden folders and node_modules are not read, so nothing that happens in them counts: a service that keeps its state
 * there writes every second.
 */
function isSkipped(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}
