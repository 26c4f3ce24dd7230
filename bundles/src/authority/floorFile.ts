// The floor of a receiver in a file. Written rarely (a publication, a revocation), and synchronously: a statement is
// in force only when the floor survives a crash.

import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { canonicalJson, parseStrictJson } from '@cardea/schemas/json';
import { isNotFound } from '../archive/boundedFile.ts';
import { Fields } from '../open/fields.ts';
import type { Floor, FloorStore } from './authorityReceiver.ts';

/** One receiver a file: two would overwrite each other's floor. */
export class FloorFile implements FloorStore {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  load(): Floor | undefined {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
    const fields = new Fields(parseStrictJson(text), ['bundle', 'revocations', 'seq']);
    return {
      seq: fields.integer('seq', 1, Number.MAX_SAFE_INTEGER),
      bundle: fields.digest('bundle'),
      revocations: fields.integer('revocations', 0, Number.MAX_SAFE_INTEGER),
    };
  }

  save(floor: Floor): void {
    const temporary = `${this.#path}.tmp`;
    const file = openSync(temporary, 'w', 0o600);
    try {
      writeFileSync(file, `${canonicalJson({ ...floor })}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, this.#path);
    syncDirectory(dirname(this.#path));
  }
}

function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
