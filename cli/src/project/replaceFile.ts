// A file exchanged for a new text in one step: whoever reads it sees the old text or the new one, never a part.
import { chmodSync, existsSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { Failure } from '../frame/failure.ts';
import { explainFault } from './fileFault.ts';

/** The same for a file that may not be there yet. Throws Failure. */
export function writeFileWhole(path: string, text: string): void {
  try {
    if (existsSync(path)) replaceFile(path, text);
    else writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    throw new Failure(`cannot write ${path}: ${explainFault(error)}`);
  }
}

/** Keeps the file's permissions and follows a link to the file itself. Throws what the file system throws. */
export function replaceFile(path: string, text: string): void {
  const target = realpathSync(path);
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text, { flag: 'wx' });
    chmodSync(temporary, statSync(target).mode);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
