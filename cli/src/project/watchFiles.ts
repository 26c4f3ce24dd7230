// Runs something whenever files change. Folders are watched, not files: editors replace files by renaming.
import { statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Failure } from '../frame/failure.ts';

/** An editor's save is several events; they are one change. */
const quietMs = 100;

/** Runs the task at once and after each change, until the signal aborts. Throws Failure for a path that is not there. */
export async function runOnChange(
  paths: readonly string[],
  signal: AbortSignal,
  task: () => void,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const schedule = (): void => {
    clearTimeout(timer);
    timer = setTimeout(task, quietMs);
  };
  // Before the first run: a change while it runs must not be missed.
  for (const { folder, name } of paths.map(findWatchable)) {
    watch(folder, { recursive: name === undefined, signal }, (_event, changed) => {
      if (name === undefined || changed === null || changed === name) schedule();
    });
  }
  task();
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
  clearTimeout(timer);
}

/** What to watch for a path: a folder with all below it, or one name in a folder. */
function findWatchable(path: string): { readonly folder: string; readonly name?: string } {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new Failure(`cannot watch ${path}: there is no such file`);
  return stats.isDirectory() ? { folder: path } : { folder: dirname(path), name: basename(path) };
}
