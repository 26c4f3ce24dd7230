// Signer and decision service apart, as an operator runs them: settings from the environment, an archive that changes
// under them, and ends that lose no request.
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DirectoryArchive } from '@cardea/bundles';
import { readManifest } from '@cardea/bundles/open';
import type { Digest } from '@cardea/schemas/digest';
import { cardea, CardeaProcess, endAll, repository, waitFor, type Ended } from './cardeaProcess.ts';

const example = join(repository, 'examples/quickstart');
const folder = mkdtempSync(join(tmpdir(), 'cardea-services-'));
const token = 'a-token-of-the-test';
const policies = join(folder, 'desk/policies/desk.cedar');

/** What every service is told; each takes its own from it. */
const env: Record<string, string> = {
  CARDEA_ARCHIVE: 'archive',
  CARDEA_TRUST: 'publisher.pub',
  CARDEA_ORGANISATION: 'example',
  CARDEA_AUTHORITY: 'authority.pub',
  CARDEA_KEY: 'authority.key',
  CARDEA_CALLERS: 'callers.json',
  CARDEA_FLOOR: 'floor.json',
  CARDEA_PORT: '0',
  CARDEA_WORKERS: '1',
};

const run = (...words: string[]): Promise<Ended> => cardea(words, { cwd: folder });
const publish = (): Promise<Ended> =>
  run('bundle', 'publish', 'desk', '--archive', 'archive', '--key', 'publisher.key', '--json');

let address = '';
let signer: CardeaProcess;
let pdp: CardeaProcess;

const startSigner = (): CardeaProcess => new CardeaProcess(['signer'], { cwd: folder, env });

async function startPdp(): Promise<CardeaProcess> {
  const service = new CardeaProcess(['pdp'], { cwd: folder, env });
  address = await service.until(/"event":"listening","address":"([^"]+)"/);
  return service;
}

async function askBundle(): Promise<string> {
  const response = await fetch(`${address}/access/v1/evaluation`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: readFileSync(join(example, 'requests/allowed.json')),
  });
  const { context } = (await response.json()) as { context: { verdict: string; bundle: string } };
  expect(context.verdict).toBe('allow');
  return context.bundle;
}

const untilServed = (bundle: string): Promise<true> =>
  waitFor(async () => ((await askBundle()) === bundle ? true : undefined));

beforeAll(async () => {
  cpSync(example, join(folder, 'desk'), { recursive: true });
  for (const name of ['publisher', 'authority']) {
    const { out } = await run('keys', 'create', `test.example/${name}`, '--out', `${name}.key`);
    writeFileSync(join(folder, `${name}.pub`), out);
  }
  const tokenSha256 = createHash('sha256').update(token).digest('hex');
  const callers = [{ class: 'author', name: 'test', tokenSha256 }];
  writeFileSync(join(folder, 'callers.json'), JSON.stringify({ callers }));
  expect((await publish()).code).toBe(0);
  signer = startSigner();
  await signer.until(/"event":"authority_issued"/);
  pdp = await startPdp();
});

afterAll(async () => {
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

// Each step stands on the ones before it.
describe('the services of an operator', () => {
  let first = '';
  let second = '';

  it('serve what is published, switch to what is published next, and go back', async () => {
    first = await askBundle();
    writeFileSync(policies, `${readFileSync(policies, 'utf8')}\n// A word more.\n`);
    second = (JSON.parse((await publish()).out) as { bundle: string }).bundle;
    await untilServed(second);
    const back = await run(
      ...[
        'bundle',
        'rollback',
        '--archive',
        'archive',
        '--key',
        'publisher.key',
        '--organisation',
        'example',
      ],
    );
    expect(back.out).toBe(`${first} is current, as number 3\n`);
    await untilServed(first);
  });

  it('keep the last good bundle where the archive was tampered with, until it is healed', async () => {
    // Without a signer nobody hears of the next bundle before it is damaged.
    await signer.end();
    writeFileSync(policies, readFileSync(policies, 'utf8').replace('amount <= 10000', 'amount <= 9000'));
    const third = (JSON.parse((await publish()).out) as { bundle: Digest }).bundle;
    await damage(third, 'amount <= 9000', 'amount <= 9999');
    signer = startSigner();
    await pdp.until(new RegExp(`"event":"bundle_refused","bundle":"${third}","code":"bundle_tampered"`));
    expect(await askBundle()).toBe(first);
    const readiness = await (await fetch(`${address}/readyz`)).json();
    expect(readiness).toMatchObject({ ready: true, bundle: first, problems: [{ code: 'bundle_tampered' }] });
    // What is published already is stored again where the archive has lost it.
    expect(JSON.parse((await publish()).out)).toMatchObject({ bundle: third, seq: 4, moved: false });
    await untilServed(third);
  });

  it('serve what is current after a kill at once, and take nothing older', async () => {
    const current = await askBundle();
    await pdp.end('SIGKILL');
    pdp = await startPdp();
    expect(await askBundle()).toBe(current);
    expect(JSON.parse(readFileSync(join(folder, 'floor.json'), 'utf8'))).toMatchObject({
      bundle: current,
      seq: 4,
    });
  });

  it('end in order, with JSON alone on standard error and nothing on standard output', async () => {
    const [service, authority] = [await pdp.end(), await signer.end()];
    expect([service.code, service.out, authority.code, authority.out]).toEqual([0, '', 0, '']);
    const events = (service.err + authority.err)
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events).toEqual(['bundle_loaded', 'listening', 'closing', 'closed', 'authority_issued']);
  });
});

describe('a service that cannot start', () => {
  it.each([
    {
      verb: 'signer',
      change: { CARDEA_KEY: 'publisher.pub' },
      message: /a key file has a line "name: <key name>"/,
    },
    { verb: 'signer', change: { CARDEA_ARCHIVE: 'nowhere' }, message: /there is no archive at nowhere/ },
    { verb: 'pdp', change: { CARDEA_TRUST: 'publisher' }, message: /neither a verifier key .* nor a file/ },
    {
      verb: 'pdp',
      change: { CARDEA_TRUST: 'callers.json' },
      message: /callers\.json:1: a verifier key is written/,
    },
    { verb: 'pdp', change: { CARDEA_CALLERS: 'none.json' }, message: /none\.json: there is no such file/ },
    {
      verb: 'pdp',
      change: { CARDEA_TLS_KEY: 'authority.key' },
      message: /--tls-key and --tls-cert go together/,
    },
    {
      verb: 'pdp',
      change: { CARDEA_HOST: '203.0.113.1', CARDEA_PORT: '8470' },
      message: /has no such address/,
    },
    { verb: 'pdp', change: { CARDEA_LIMIT: 'bodyBytesMx=1' }, message: /did you mean "bodyBytesMax"\?/ },
    { verb: 'pdp', change: { CARDEA_ARCHIVE: 'ftp://x' }, message: /there is no archive at ftp/ },
    { verb: 'pdp', change: { CARDEA_ARCHIVE: 'http://a:b@x/' }, message: /has no credentials/ },
    { verb: 'pdp', change: { CARDEA_PROFILE: 'plian' }, message: /did you mean "plain"\?/ },
  ])('$verb with $change says why in a line', async ({ verb, change, message }) => {
    const { code, out, err } = await cardea([verb], {
      cwd: folder,
      env: { ...env, ...change },
    });
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/fault of cardea|PRIVATE KEY/);
  });

  it('pdp shows what is wrong in the callers file where it stands', async () => {
    const { code, out } = await cardea(['pdp'], {
      cwd: folder,
      env: { ...env, CARDEA_CALLERS: 'desk/cardea.json' },
    });
    expect(code).toBe(1);
    expect(out).toMatch(/^desk\/cardea\.json:1:1: error\[invalid_request\]: callers: /);
  });
});

/** As somebody could who can write to the archive. */
async function damage(bundle: Digest, from: string, to: string): Promise<void> {
  const archive = new DirectoryArchive(join(folder, 'archive'));
  const manifest = readManifest(await archive.readManifest(bundle));
  const blob = manifest.files['policies/desk.cedar'] ?? '';
  const path = join(folder, 'archive/blobs', blob.slice('sha256:'.length));
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
}
