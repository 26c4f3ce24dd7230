// Files of signing keys. A key is written once, readable by its owner alone, and never over anything.
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { formatSignerKey, generateKey, NoteRefusal, parseSignerKey, type Signer } from '@cardea/schemas/note';
import { Failure } from '../frame/failure.ts';
import { explainFault } from '../project/fileFault.ts';

const ownerOnly = 0o600;

/** Throws Failure where the file exists, whatever it holds, and for a name that keys cannot bear. */
export function createKeyFile(path: string, name: string): Signer {
  const signer = refuseAsFailure(() => generateKey(name));
  writeSecret(path, formatSignerKey(signer));
  return signer;
}

/** There whole or not at all, and readable by its owner alone. Throws Failure where the file exists. */
export function writeSecret(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text, { flag: 'wx', mode: ownerOnly, flush: true });
    // Unlike a rename, a link never replaces what is there.
    linkSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new Failure(`${path} exists, and is not overwritten`, 'choose another name, or move it away');
    }
    throw new Failure(`cannot write ${path}: ${explainFault(error)}`);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Throws Failure; nothing of the file is quoted. */
export function readKeyFile(path: string): Signer {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure(`cannot read ${path}: ${explainFault(error)}`);
  }
  return refuseAsFailure(() => parseSignerKey(text), `in ${path}: `);
}

function refuseAsFailure<T>(task: () => T, where = ''): T {
  try {
    return task();
  } catch (refusal) {
    if (!(refusal instanceof NoteRefusal)) throw refusal;
    throw new Failure(where + refusal.message);
  }
}
