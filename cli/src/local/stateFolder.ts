// Everything that `cardea start` keeps, in one folder that only its owner can enter. Each part is made once, and found
// again by the next start.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DirectoryArchive } from '@cardea/bundles';
import { Refusal } from '@cardea/schemas/codes';
import { sha256Hex } from '@cardea/schemas/digest';
import { parseStrictJson } from '@cardea/schemas/json';
import type { Signer } from '@cardea/schemas/note';
import { callersSchema, readWire, type WireCaller } from '@cardea/schemas/wire';
import { Failure } from '../frame/failure.ts';
import { explainFault } from '../project/fileFault.ts';
import { replaceFile } from '../project/replaceFile.ts';
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

  /**
   * The callers file, with a token for each class beside it. One that is there stays, whoever has changed it, but that
   * the proxy gets to ask about the servers. Throws Failure for one that is not right.
   */
  callers(servers: readonly string[]): string {
    const path = this.path('callers.json');
    if (existsSync(path)) {
      admitProxy(path, servers);
      return path;
    }
    const callers: WireCaller[] = [
      { class: 'author', name: 'local-author', tokenSha256: this.tokenDigest('author') },
      { class: 'proxy', name: proxyName, tokenSha256: this.tokenDigest('proxy'), servers: [...servers] },
      {
        class: 'client',
        name: 'local-client',
        tokenSha256: this.tokenDigest('client'),
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

  /** Made when it is first asked for. Files that hold its digest come later: a start that was killed finds it again. */
  token(name: string): string {
    const path = this.path('tokens', name);
    if (!existsSync(path)) writeSecret(path, `${randomBytes(tokenBytes).toString('base64url')}\n`);
    return readFileSync(path, 'utf8').trim();
  }

  tokenDigest(name: string): string {
    return sha256Hex(this.token(name));
  }
}

const proxyName = 'local-proxy';

function admitProxy(path: string, servers: readonly string[]): void {
  try {
    const { callers } = readWire(callersSchema, parseStrictJson(readFileSync(path)));
    const proxy = callers.find(({ name }) => name === proxyName);
    if (proxy?.class !== 'proxy' || servers.every((server) => proxy.servers.includes(server))) return;
    proxy.servers = [...new Set([...proxy.servers, ...servers])];
    replaceFile(path, `${JSON.stringify({ callers }, null, 2)}\n`);
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    throw new Failure(`${path}: ${refusal.message}`);
  }
}

/** Whom the requests of the example are about. */
const sampleSubject = { type: 'Person', id: 'ann', properties: { groups: ['support'] } };
