// The archive behind a URL: the directory as any web server shows it. Whoever answers is not trusted: sizes, time and
// redirects are bounded, and so is where its name may lead; every byte is checked against digests and signatures by the reader.

import {
  AddressRanges,
  FetchFault,
  makeFetchBounded,
  type FetchBounded,
  type FetchedDocument,
} from '@cardea/dial';
import { hexOf, type Digest } from '@cardea/schemas/digest';
import {
  ArchiveFault,
  manifestBytesMax,
  statementBytesMax,
  type AuthorityAnswer,
  type BundleSource,
} from '../open/bundleSource.ts';

export interface UrlArchiveOptions {
  /** Where the name in its URL may lead beside public addresses; an address that is written in it may be reached. */
  readonly allow?: AddressRanges;
  readonly timeoutMs?: number;
}

/** For one file, the body included. */
const timeoutMsDefault = 10_000;

/** A longer tag is dropped: the next answer then comes whole. */
const etagCharactersMax = 256;

export class UrlArchive implements BundleSource {
  readonly #base: URL;
  readonly #fetch: FetchBounded;

  /** Throws TypeError for what is no http or https URL, or carries credentials, a query or a fragment. */
  constructor(url: string, options: UrlArchiveOptions = {}) {
    const base = new URL(url.endsWith('/') ? url : `${url}/`);
    if (!['http:', 'https:'].includes(base.protocol))
      throw new TypeError('an archive has an http or https URL');
    if (base.username + base.password + base.search + base.hash !== '') {
      throw new TypeError('the URL of an archive has no credentials, query or fragment');
    }
    this.#base = base;
    const { allow = new AddressRanges(), timeoutMs = timeoutMsDefault } = options;
    this.#fetch = makeFetchBounded({ policy: { allow }, written: [base], timeoutMs });
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
    const headers: Record<string, string> = etag === undefined ? {} : { 'if-none-match': etag };
    try {
      return readAnswer(await this.#fetch(new URL(name, this.#base), { bytesMax, headers }), name);
    } catch (fault) {
      throw fault instanceof FetchFault ? toArchiveFault(fault, name) : fault;
    }
  }
}

function readAnswer({ status, bytes, etag = '' }: FetchedDocument, name: string): AuthorityAnswer {
  if (status === 304) return { kind: 'unchanged' };
  if (status !== 200) {
    const code = status === 404 || status === 410 ? 'archive_missing' : 'archive_unreachable';
    throw new ArchiveFault(code, `the archive answered ${status} for ${name}`);
  }
  return { kind: 'changed', bytes, ...(etag === '' || etag.length > etagCharactersMax ? {} : { etag }) };
}

function toArchiveFault(cause: FetchFault, name: string): ArchiveFault {
  if (cause.kind === 'too large') return new ArchiveFault('archive_too_large', `${name}: ${cause.message}`);
  const why = cause.kind === 'refused' ? `: ${cause.message}` : '';
  return new ArchiveFault('archive_unreachable', `the archive did not answer for ${name}${why}`, { cause });
}
