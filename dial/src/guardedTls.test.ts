// TLS over a connection that was judged: names are proved as ever.
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, LookupFunction } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AddressRanges } from './addressRanges.ts';
import { makeGuardedFetch } from './guardedFetch.ts';

const openssl = process.env['CARDEA_OPENSSL'] ?? 'openssl';
/** Where nothing makes certificates there are none to try; in CI that is a fault. */
const canRun = process.env['CI'] !== undefined || spawnSync(openssl, ['version']).status === 0;
const page = 'x'.repeat(300_000);
const authorities = getCACertificates('default');

let folder: string;
let server: Server;
let port: number;
let names: unknown[];

if (!canRun) console.warn('TLS is not tried: there is no openssl');

beforeAll(async () => {
  if (!canRun) return;
  folder = mkdtempSync(join(tmpdir(), 'cardea-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const kind = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '1',
  ];
  const subject = ['-subj', '/CN=mcp.example', '-addext', 'subjectAltName=DNS:mcp.example,IP:127.0.0.1'];
  execFileSync(openssl, [...kind, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    names.push('servername' in request.socket ? request.socket.servername : undefined);
    response.setHeader('connection', 'close').end(page);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  port = (server.address() as AddressInfo).port;
  setDefaultCACertificates([...authorities, readFileSync(cert, 'utf8')]);
});

afterAll(async () => {
  if (!canRun) return;
  setDefaultCACertificates(authorities);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  names = [];
});

const lookup: LookupFunction = (_name, options, callback) => {
  if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};

async function read(hostname: string): Promise<string> {
  const url = new URL(`https://${hostname}:${port}/`);
  const policy = { allow: new AddressRanges(hostname === '127.0.0.1' ? [] : ['127.0.0.1']) };
  const guardedFetch = makeGuardedFetch({ policy, written: [url], timeoutMs: 2_000, lookup });
  try {
    // The second one may go on with the session of the first.
    const texts = [await (await guardedFetch(url, {})).text(), await (await guardedFetch(url, {})).text()];
    return texts.every((text) => text === page) ? 'both' : 'something else';
  } catch (fault) {
    return ((fault as Error).cause as NodeJS.ErrnoException).code ?? String(fault);
  }
}

(canRun ? describe : describe.skip)('TLS', () => {
  it('is spoken with the name that was meant', async () => {
    expect(await read('mcp.example')).toBe('both');
    expect(names).toEqual(['mcp.example', 'mcp.example']);
  });

  it('is spoken with an address', async () => {
    expect(await read('127.0.0.1')).toBe('both');
  });

  it('ends where the certificate is for another name', async () => {
    expect(await read('other.example')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(names).toEqual([]);
  });

  it('ends where nobody vouches for the certificate', async () => {
    setDefaultCACertificates(authorities);
    expect(await read('mcp.example')).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(names).toEqual([]);
  });
});
