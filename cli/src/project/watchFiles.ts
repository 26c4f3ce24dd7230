// Runs something whenever files change. Folders are watched, not files: editors replace files by renaming.
import { statSync, watch } from 'node:fs';
import { basename, dirname, sep } from 'node:path';
import { Failure } from '../frame/failure.ts';

/** An editor's save is several events; they are one change. */
const quietMs = 100;

/**
 * Runs the task at once and after each change, until the signal aborts: one run at a time, and one more for all that
 * changed during the last. Throws Failure for a path that is not there, and what the task throws.
 */
export async function runOnChange(
  paths: readonly string[],
  signal: AbortSignal,
  task: () => void | Promise<void>,
): Promise<void> {
  let change = Promise.withResolvers<undefined>();
  let timer: NodeJS.Timeout | undefined;
  const wake = (): void => {
    change.resolve(undefined);
  };
  const watchers = paths.map(findWatchable).map(({ folder, name }) =>
    watch(folder, { recursive: name === undefined }, (_event, changed) => {
      if (!isWatched(changed, name)) return;
      clearTimeout(timer);
      timer = setTimeout(wake, quietMs);
    }),
  );
  signal.addEventListener('abort', wake);
  try {
    do {
      // Before the run: a change while it runs must not be missed.
      change = Promise.withResolvers<undefined>();
      await task();
      if (!signal.aborted) await change.promise;
    } while (!signal.aborted);
  } finally {
    signal.removeEventListener('abort', wake);
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  }
}

/** What to watch for a path: a folder with all below it, or one name in a folder. */
function findWatchable(path: string): { readonly folder: string; readonly name?: string } {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new Failure(`cannot watch ${path}: there is no such file`);
  return stats.isDirectory() ? { folder: path } : { folder: dirname(path), name: basename(path) };
}

/**
 * Hidden folders and node_modules are not read, so nothing that happens in them counts: a service that keeps its state
 * there writes every second.
 */
function isWatched(changed: string | null, name: string | undefined): boolean {
  if (changed === null) return true;
  if (name !== undefined) return changed === name;
  const folders = changed.split(sep).slice(0, -1);
  return !folders.some((folder) => folder.startsWith('.') || folder === 'node_modules');
}
