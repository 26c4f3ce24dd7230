// A project of policies for one server, as `cardea pep stdio` builds it, and the words that wrap a command with it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cardea = fileURLToPath(new URL('../../../cli/bin/cardea.js', import.meta.url));

export class WrapProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'cardea-wrap-'));
  readonly #server: string;

  /** `catalog` is the text of its file. */
  constructor(server: string, catalog: string, policies: string) {
    this.#server = server;
    this.#write('cardea.json', JSON.stringify({ organisation: 'acme', profile: 'mcp' }));
    this.#write(`catalog/${server}.json`, catalog);
    this.#write('policies/main.cedar', policies);
  }

  /** The command that a client starts in the place of `command`. */
  wrap(command: readonly string[], ...options: readonly string[]): readonly string[] {
    const named = ['--server', this.#server, '--project', this.folder, ...options];
    return [process.execPath, cardea, 'pep', 'stdio', ...named, '--', ...command];
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #write(name: string, text: string): void {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
