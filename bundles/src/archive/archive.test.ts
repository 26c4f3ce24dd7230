import { createServer, type RequestListener, type Server } from 'node:http';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import dns, { type LookupAddress } from 'node:dns';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AddressRanges } from '@cardea/dial';
import { digestOf, hexOf } from '@cardea/schemas/digest';
import { ArchiveFault, statementBytesMax, type BundleSource } from '../open/bundleSource.ts';
import { DirectoryArchive } from './directoryArchive.ts';
import { UrlArchive } from './urlArchive.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const digest = digestOf('content');

type LookupArguments = [string, object, (fault: null, addresses: LookupAddress[]) => void];

let directory: string;
let archive: DirectoryArchive;
let server: Server;
let url: string;
let answer: RequestListener;

/** Serves the directory as a static web server would, with entity tags. */
const serveFiles: RequestListener = (request, response) => {
  readFile(join(directory, request.url ?? '')).then(
    (bytes) => {
      const etag = `"${digestOf(bytes)}"`;
      if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
      else response.writeHead(200, { etag }).end(bytes);
    },
    () => response.writeHead(404).end('no'),
  );
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cardea-archive-'));
  archive = new DirectoryArchive(directory);
  await archive.prepare();
  answer = serveFiles;
  server = createServer((request, response) => {
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true });
});

const faultOf = async (task: Promise<unknown>): Promise<string> =>
  task.then(
    () => 'no fault',
    (error: unknown) => (error instanceof ArchiveFault ? error.code : String(error)),
  );

describe.each<[string, () => BundleSource]>([
  ['DirectoryArchive', () => archive],
  ['UrlArchive', () => new UrlArchive(url)],
])('%s', (_, makeSource) => {
  it('reads back what was written', async () => {
    await archive.writeBlob(digest, bytesOf('blob'));
    await archive.writeManifest(digest, bytesOf('manifest'));
    await archive.writeSignature(digest, bytesOf('signature'));
    await archive.writeHead(bytesOf('head'));
    const source = makeSource();
    expect(await source.readBlob(digest, 4)).toEqual(bytesOf('blob'));
    expect(await source.readManifest(digest)).toEqual(bytesOf('manifest'));
    expect(await source.readSignature(digest)).toEqual(bytesOf('signature'));
    expect(await source.readHead()).toEqual(bytesOf('head'));
  });

  it('says when something is missing', async () => {
    expect(await faultOf(makeSource().readManifest(digest))).toBe('archive_missing');
    expect(await faultOf(makeSource().readAuthority())).toBe('archive_missing');
  });

  it('reads nothing beyond the limit', async () => {
    await archive.writeBlob(digest, bytesOf('12345'));
    expect(await faultOf(makeSource().readBlob(digest, 4))).toBe('archive_too_large');
    await archive.writeHead(new Uint8Array(statementBytesMax + 1));
    expect(await faultOf(makeSource().readHead())).toBe('archive_too_large');
  });

  it('gives an authority statement once, and again when it changed', async () => {
    await archive.writeAuthority(bytesOf('one'));
    const source = makeSource();
    const first = await source.readAuthority();
    if (first.kind !== 'changed') throw new Error('not given');
    expect(first.bytes).toEqual(bytesOf('one'));
    expect(await source.readAuthority(first.etag)).toEqual({ kind: 'unchanged' });
    await archive.writeAuthority(bytesOf('two'));
    expect(await source.readAuthority(first.etag)).toMatchObject({ kind: 'changed', bytes: bytesOf('two') });
  });
});

describe('DirectoryArchive', () => {
  it('writes a blob anew whose bytes were lost, and leaves a right one alone', async () => {
    await archive.writeBlob(digest, bytesOf('content'));
    const path = join(directory, 'blobs', hexOf(digest));
    await writeFile(path, 'contenT');
    await archive.writeBlob(digest, bytesOf('content'));
    expect(await readFile(path, 'utf8')).toBe('content');
  });

  it("sweeps up after killed writers, but not the signer's file", async () => {
    await writeFile(join(directory, 'blobs', '.tmp-abc-1'), 'half');
    await writeFile(join(directory, '.tmp-head-1'), 'half');
    await writeFile(join(directory, '.tmp-authority-1'), 'being written');
    await archive.sweep();
    expect(await readdir(join(directory, 'blobs'))).toEqual([]);
    expect(await readdir(directory)).toEqual([
      '.tmp-authority-1',
      'blobs',
      'heads',
      'manifests',
      'signatures',
    ]);
  });
});

describe('UrlArchive', () => {
  it.each<[string, RequestListener, string]>([
    [
      'a redirect',
      (_, response) => response.writeHead(302, { location: '/head' }).end(),
      'archive_unreachable',
    ],
    ['an error', (_, response) => response.writeHead(500).end('x'.repeat(100_000)), 'archive_unreachable'],
    ['a status that is not 200', (_, response) => response.writeHead(206).end('part'), 'archive_unreachable'],
    ['304 without a question', (_, response) => response.writeHead(304).end(), 'archive_unreachable'],
    ['410', (_, response) => response.writeHead(410).end(), 'archive_missing'],
    ['silence', () => undefined, 'archive_unreachable'],
    ['a body that never ends', (_, response) => response.writeHead(200).write('x'), 'archive_unreachable'],
    [
      'fewer bytes than declared',
      (_, response) => {
        response.writeHead(200, { 'content-length': '9' }).write('x');
        setImmediate(() => response.destroy());
      },
      'archive_unreachable',
    ],
    [
      'a body that outgrows the limit without a declared length',
      (_, response) => {
        const chunk = 'x'.repeat(statementBytesMax);
        response.writeHead(200).write(chunk);
        response.end(chunk);
      },
      'archive_too_large',
    ],
  ])('refuses %s', async (_, listener, code) => {
    answer = listener;
    expect(await faultOf(new UrlArchive(url, { timeoutMs: 300 }).readHead())).toBe(code);
  });

  it('refuses a server that is not there', async () => {
    expect(await faultOf(new UrlArchive('http://127.0.0.1:1').readHead())).toBe('archive_unreachable');
  });

  it('is led nowhere by its name that is not public, and says what would have to be allowed', async () => {
    const lookup = jest.spyOn(dns, 'lookup').mockImplementation(((...[, , callback]: LookupArguments) => {
      callback(null, [{ address: '127.0.0.1', family: 4 }]);
    }) as unknown as typeof dns.lookup);
    const named = url.replace('127.0.0.1', 'archive.example');
    const why = 'archive.example leads to 127.0.0.1, which is loopback: a range';
    await expect(new UrlArchive(named).readHead()).rejects.toThrow(why);
    const allow = new AddressRanges(['127.0.0.0/8']);
    expect(await faultOf(new UrlArchive(named, { allow }).readHead())).toBe('archive_missing');
    lookup.mockRestore();
  });

  it('keeps the path of its base', async () => {
    const asked: string[] = [];
    answer = (request, response) => {
      asked.push(request.url ?? '');
      response.end();
    };
    await new UrlArchive(`${url}/bundles/acme`).readHead();
    await new UrlArchive(`${url}/bundles/acme/`).readManifest(digest);
    expect(asked).toEqual(['/bundles/acme/head', `/bundles/acme/manifests/${hexOf(digest)}`]);
  });

  it.each(['file:///etc', 'ftp://a', 'http://user:word@a', 'http://a?q=1', 'http://a#f', 'nothing'])(
    'is not made for %s',
    (text) => {
      expect(() => new UrlArchive(text)).toThrow(/URL/);
    },
  );
});
