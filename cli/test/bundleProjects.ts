// Copies of the example project and keys, in a folder of their own, for verbs that read and write them.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { collect, start, type Ended } from './cardea.ts';

const example = fileURLToPath(new URL('../../examples/quickstart', import.meta.url));

export class BundleProjects {
  readonly folder = mkdtempSync(join(tmpdir(), 'cardea-bundles-'));

  /** A fresh copy of the example under this name. */
  copy(name: string): void {
    rmSync(join(this.folder, name), { recursive: true, force: true });
    cpSync(example, join(this.folder, name), { recursive: true });
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  read(...names: string[]): string {
    return readFileSync(this.path(...names), 'utf8');
  }

  write(path: string, text: string): void {
    writeFileSync(this.path(path), text);
  }

  /** Throws where the file does not hold the text that is to be replaced. */
  edit(path: string, from: string, to: string): void {
    const text = this.read(path);
    if (!text.includes(from)) throw new Error(`${path} holds no ${from}`);
    this.write(path, text.replace(from, to));
  }

  /** Runs the command in this folder, to its end. */
  run(...words: string[]): Promise<Ended> {
    return collect(start(words, this.folder));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
