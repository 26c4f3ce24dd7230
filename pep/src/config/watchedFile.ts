// A file that others change while the proxy runs: read again when it changed, whether it was replaced, edited in place,
// or is a link that points elsewhere now.
import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { sha256Hex } from '@cardea/schemas/digest';

/**
 * A change within one tick of the file system's clock does not show. What was changed just now is therefore read once
 * more at the next look.
 */
const settledMs = 2_000;

export interface WatchedFileOptions {
  readonly bytesMax: number;
  /** The wall clock, in milliseconds. */
  readonly now: () => number;
}

export class WatchedFile {
  readonly path: string;
  readonly #options: WatchedFileOptions;
  #seen: string | undefined;
  #digest: string | undefined;

  constructor(path: string, options: WatchedFileOptions) {
    this.path = path;
    this.#options = options;
  }

  /** Undefined where its content is that of the last look. Throws what reading throws, and RangeError past the limit. */
  async poll(): Promise<Buffer | undefined> {
    const { bytesMax, now } = this.#options;
    const { dev, ino, size, mtimeNs, ctimeNs, mtimeMs } = await stat(this.path, { bigint: true });
    const seen = [dev, ino, size, mtimeNs, ctimeNs].join(' ');
    if (seen === this.#seen) return undefined;
    const bytes = await readWhole(this.path, bytesMax);
    this.#seen = now() - Number(mtimeMs) < settledMs ? undefined : seen;
    const digest = sha256Hex(bytes);
    if (digest === this.#digest) return undefined;
    this.#digest = digest;
    return bytes;
  }
}

async function readWhole(path: string, bytesMax: number): Promise<Buffer> {
  // Not waiting: to open a pipe would take until somebody writes into it.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new TypeError('it is no file');
    const bytes = stats.size > bytesMax ? undefined : await file.readFile();
    // It may have grown meanwhile.
    if (bytes === undefined || bytes.length > bytesMax)
      throw new RangeError(`it has more than ${bytesMax} bytes`);
    return bytes;
  } finally {
    await file.close();
  }
}
