// Runs something whenever files change. Folders are watched, not files: editors replace files by renaming.
import { existsSync, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Failure } from '../frame/failure.ts';
import { WatchedFolder } from './watchedFolder.ts';

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
  const onChange = (): void => {
    clearTimeout(timer);
    timer = setTimeout(wake, quietMs);
  };
  requireThere(paths);
  const watchers = paths.map((path) => watchPath(path, onChange));
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

function requireThere(paths: readonly string[]): void {
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) throw new Failure(`cannot watch ${missing}: there is no such file`);
}

/** A folder with all below it, or one name in a folder. */
function watchPath(path: string, onChange: () => void): { close: () => void } {
  if (statSync(path).isDirectory()) return new WatchedFolder(path, onChange);
  const name = basename(path);
  return watch(dirname(path), (_event, changed) => {
    if (changed === null || changed === name) onChange();
  });
}
