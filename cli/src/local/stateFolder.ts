// Everything that `cardea start` keeps, in one folder that only its owner can enter. Each part is made once, and found
// again by the next start.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DirectoryArchive } from '@cardea/bundles';
import { sha256Hex } from '@cardea/schemas/digest';
import type { Signer } from '@cardea/schemas/note';
import type { CallerClass, WireCaller } from '@cardea/schemas/wire';
import { Failure } from '../frame/failure.ts';
import { explainFault } from '../project/fileFault.ts';
import { createKeyFile, readKeyFile, writeSecret } from '../trust/keyFile.ts';

const ownerOnly = 0o700;
const tokenBytes = 32;

export class StateFolder {
  readonly directory: string;
  readonly archive: DirectoryArchive;

  /** Throws Failure where the folder cannot be made. */
  constructor(directory: string) {
    this.directory = directory;
    this.archive = new DirectoryArchive(this.path('archive'));
    try {
      mkdirSync(this.path('keys'), { recursive: true, mode: ownerOnly });
      mkdirSync(this.path('tokens'), { recursive: true, mode: ownerOnly });
    } catch (error) {
      throw new Failure(`cannot keep state in ${directory}: ${explainFault(error)}`);
    }
  }

  path(...names: string[]): string {
    return join(this.directory, ...names);
  }

  /** Throws Failure where there is a key file that holds no key. */
  key(name: 'publisher' | 'authority'): Signer {
    const path = this.path('keys', `${name}.key`);
    return existsSync(path) ? readKeyFile(path) : createKeyFile(path, `localhost/${name}`);
  }

  /** The callers file, with a token for each class beside it. One that is there stays, whoever has changed it. */
  callers(servers: readonly string[]): string {
    const path = this.path('callers.json');
    if (existsSync(path)) return path;
    const callers: WireCaller[] = [
      { class: 'author', name: 'local-author', tokenSha256: this.#tokenDigest('author') },
      { class: 'proxy', name: 'local-proxy', tokenSha256: this.#tokenDigest('proxy'), servers: [...servers] },
      {
        class: 'client',
        name: 'local-client',
        tokenSha256: this.#tokenDigest('client'),
        subjects: [sampleSubject],
      },
    ];
    writeSecret(path, `${JSON.stringify({ callers }, null, 2)}\n`);
    return path;
  }

  /** The bundle that the example last made here: where it is current, nobody else has published since. */
  lastExample(): string | undefined {
    const path = this.path('example');
    return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
  }

  rememberExample(bundle: string): void {
    writeFileSync(this.path('example'), `${bundle}\n`);
  }

  /** The callers file comes last: a start that was killed before it makes it of the same tokens. */
  #tokenDigest(name: CallerClass): string {
    const path = this.path('tokens', name);
    if (!existsSync(path)) writeSecret(path, `${randomBytes(tokenBytes).toString('base64url')}\n`);
    return sha256Hex(readFileSync(path, 'utf8').trim());
  }
}

/** Whom the requests of the example are about. */
const sampleSubject = { type: 'Person', id: 'ann', properties: { groups: ['support'] } };
