// The archive behind a URL: the directory as any web server shows it. Whoever answers is not trusted: sizes, time and
// redirects are bounded here, and every byte is checked against digests and signatures by the reader.

import { hexOf, type Digest } from '@cardea/schemas/digest';
import {
  ArchiveFault,
  manifestBytesMax,
  statementBytesMax,
  type AuthorityAnswer,
  type BundleSource,
} from '../open/bundleSource.ts';

export interface UrlArchiveOptions {
  readonly fetch?: typeof fetch;
  readonly timeoutMs?: number;
}

/** For one file, the body included. */
const timeoutMsDefault = 10_000;

/** A longer tag is dropped: the next answer then comes whole. */
const etagCharactersMax = 256;

export class UrlArchive implements BundleSource {
  readonly #base: URL;
  readonly #fetch: typeof fetch;
  readonly #timeoutMs: number;

  /** Throws TypeError for what is no http or https URL, or carries credentials, a query or a fragment. */
  constructor(url: string, options: UrlArchiveOptions = {}) {
    const base = new URL(url.endsWith('/') ? url : `${url}/`);
    if (!['http:', 'https:'].includes(base.protocol))
      throw new TypeError('an archive has an http or https URL');
    if (base.username + base.password + base.search + base.hash !== '') {
      throw new TypeError('the URL of an archive has no credentials, query or fragment');
    }
    this.#base = base;
    this.#fetch = options.fetch ?? fetch;
    this.#timeoutMs = options.timeoutMs ?? timeoutMsDefault;
  }

  readManifest(digest: Digest): Promise<Uint8Array> {
    return this.#readWhole(`manifests/${hexOf(digest)}`, manifestBytesMax);
  }

  readSignature(digest: Digest): Promise<Uint8Array> {
    return this.#readWhole(`signatures/${hexOf(digest)}`, statementBytesMax);
  }

  readBlob(digest: Digest, bytesMax: number): Promise<Uint8Array> {
    return this.#readWhole(`blobs/${hexOf(digest)}`, bytesMax);
  }

  readHead(): Promise<Uint8Array> {
    return this.#readWhole('head', statementBytesMax);
  }

  readAuthority(etag?: string): Promise<AuthorityAnswer> {
    return this.#read('authority', statementBytesMax, etag);
  }

  async #readWhole(name: string, bytesMax: number): Promise<Uint8Array> {
    const answer = await this.#read(name, bytesMax);
    if (answer.kind === 'changed') return answer.bytes;
    throw new ArchiveFault('archive_unreachable', `the archive answered 304 for ${name} without being asked`);
  }

  async #read(name: string, bytesMax: number, etag?: string): Promise<AuthorityAnswer> {
    try {
      const response = await this.#fetch(new URL(name, this.#base), {
        headers: etag === undefined ? {} : { 'if-none-match': etag },
        redirect: 'error',
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      return await readAnswer(response, name, bytesMax);
    } catch (cause) {
      if (cause instanceof ArchiveFault) throw cause;
      throw new ArchiveFault('archive_unreachable', `the archive did not answer for ${name}`, { cause });
    }
  }
}

async function readAnswer(response: Response, name: string, bytesMax: number): Promise<AuthorityAnswer> {
  if (response.status === 304) return { kind: 'unchanged' };
  if (response.status !== 200) {
    await response.body?.cancel();
    const code =
      response.status === 404 || response.status === 410 ? 'archive_missing' : 'archive_unreachable';
    throw new ArchiveFault(code, `the archive answered ${response.status} for ${name}`);
  }
  const bytes = await readBody(response, name, bytesMax);
  const etag = response.headers.get('etag') ?? '';
  return { kind: 'changed', bytes, ...(etag === '' || etag.length > etagCharactersMax ? {} : { etag }) };
}

/** Counts what arrives, decompressed: a declared length is the sender's word. */
async function readBody(response: Response, name: string, bytesMax: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    // Leaving the loop cancels the body.
    if (bytes > bytesMax)
      throw new ArchiveFault('archive_too_large', `${name} has more than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
