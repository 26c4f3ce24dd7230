// What the servers work on, and what their policies keep: a folder with a public and a private part, a memory with a vault,
// and a page that nobody outside may ask for.
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** In no answer that comes through the proxy. */
export const secret = 'the combination is 7-42-19';

export class Grounds {
  readonly root: string;
  /** Of the page. */
  readonly page: string;
  readonly #folder: string;
  readonly #server: Server;
  readonly #asked: string[];

  private constructor(folder: string, server: Server, asked: string[]) {
    this.#folder = folder;
    this.root = join(folder, 'files');
    this.#server = server;
    this.#asked = asked;
    this.page = `http://127.0.0.1:${(server.address() as AddressInfo).port}/salaries`;
  }

  static async lay(): Promise<Grounds> {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(secret);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cardea-grounds-')));
    const grounds = new Grounds(folder, server, asked);
    for (const name of ['public', 'privé']) mkdirSync(join(grounds.root, name), { recursive: true });
    writeFileSync(join(grounds.root, 'public/note.txt'), 'Tea at four.\n');
    writeFileSync(join(grounds.root, 'privé/secret.txt'), `${secret}\n`);
    return grounds;
  }

  /** What `ROOT` and `PAGE` stand for. */
  fill(text: string): string {
    return text.replaceAll('ROOT', this.root).replaceAll('PAGE', this.page);
  }

  /** How often the page was asked for. */
  get visits(): number {
    return this.#asked.length;
  }

  /** Every file and what is in it. */
  files(): Record<string, string> {
    const names = readdirSync(this.root, { recursive: true, encoding: 'utf8' });
    const files = names.filter((name) => name.includes('.'));
    return Object.fromEntries(files.map((name) => [name, readFileSync(join(this.root, name), 'utf8')]));
  }

  /** A new memory, with a vault in it. */
  layMemory(name: string): string {
    const file = join(this.#folder, `${name}.jsonl`);
    const entity = (entityName: string, observation: string): string =>
      JSON.stringify({
        type: 'entity',
        name: entityName,
        entityType: 'thing',
        observations: [observation],
      });
    writeFileSync(file, [entity('vault', secret), entity('kettle', 'it is red')].join('\n'));
    return file;
  }

  async clear(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
