// The catalog that reviewers have worked on, to be brought up to date.
import { Refusal } from '@cardea/schemas/codes';
import { parseStrictJson } from '@cardea/schemas/json';
import { readCatalog, type Catalog } from '@cardea/schemas/mcp';
import { Failure } from '../frame/failure.ts';
import { fileBytesMax, readTextFile } from '../project/inputFiles.ts';

const nodesMax = 4_000_000;

/** Throws Failure for a file that is no catalog. */
export function readPreviousCatalog(path: string): Catalog {
  const { text } = readTextFile(path);
  if (text === '') {
    throw new Failure(
      `${path} is empty`,
      'a shell empties the file behind > before anything reads it: use --out',
    );
  }
  try {
    return readCatalog(parseStrictJson(text, { bytesMax: fileBytesMax, nodesMax }));
  } catch (refusal) {
    // A JsonRefusal is one too.
    if (!(refusal instanceof Refusal)) throw refusal;
    throw new Failure(`${path} is no catalog: ${refusal.message}`);
  }
}
