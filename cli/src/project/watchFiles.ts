// Waits for files to change. Folders are watched, not files: editors replace files by renaming.
import { statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** An editor's save is several events; they are one change. */
const quietMs = 100;

/** Calls back after each change, never twice at once. Ends when the signal aborts. */
export async function watchFiles(
  paths: readonly string[],
  signal: AbortSignal,
  onChange: () => void,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const schedule = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, quietMs);
  };
  for (const path of paths) {
    const isFolder = statSync(path).isDirectory();
    const name = basename(path);
    watch(isFolder ? path : dirname(path), { recursive: isFolder, signal }, (_event, changed) => {
      if (isFolder || changed === null || changed === name) schedule();
    });
  }
  await new Promise<void>((resolve) => {
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
