// The callers file: read again whenever it changes, so that a token can be withdrawn without a restart. A file that is
// not right leaves the callers as they were.
import { readFile, stat } from 'node:fs/promises';
import { callersSchema, readWire, readWireDocument, type WireCaller } from '@cardea/schemas/wire';

export class CallerFile {
  readonly path: string;
  #seen: string | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Undefined where nothing has changed. Throws JsonRefusal, which says where, or what reading a file throws. */
  async poll(): Promise<readonly WireCaller[] | undefined> {
    const { mtimeMs, size, ino } = await stat(this.path);
    const seen = `${mtimeMs} ${size} ${ino}`;
    if (seen === this.#seen) return undefined;
    const bytes = await readFile(this.path);
    // Also when what follows throws: a bad file is reported once, not at every look.
    this.#seen = seen;
    return readWireDocument(bytes, (value) => readWire(callersSchema, value)).callers;
  }
}
