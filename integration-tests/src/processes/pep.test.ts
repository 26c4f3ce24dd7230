// The proxy as an operator runs it beside signer and decision service: settings from the environment, files that change
// under it, what is wrong with them, and its end.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sha256Hex } from '@cardea/schemas/digest';
import { serveDesk, type DeskEndpoint } from '../../../cli/src/mcp/desk/serveDesk.ts';
import { Shop } from '../../../cli/src/mcp/desk/shop.ts';
import { cardea, CardeaProcess, endAll, repository, waitFor, type Ended } from './cardeaProcess.ts';

const example = join(repository, 'examples/quickstart');
const folder = mkdtempSync(join(tmpdir(), 'cardea-pep-'));
const secret = 'the-secret-of-the-desk';

const env: Record<string, string> = {
  CARDEA_ARCHIVE: 'archive',
  CARDEA_TRUST: 'publisher.pub',
  CARDEA_ORGANISATION: 'example',
  CARDEA_AUTHORITY: 'authority.pub',
  CARDEA_KEY: 'authority.key',
  CARDEA_CALLERS: 'callers.json',
  CARDEA_CONFIG: 'pep.json',
  CARDEA_GRANTS: 'grants.json',
  CARDEA_METRICS: '127.0.0.1:0',
  CARDEA_PORT: '0',
  CARDEA_WORKERS: '1',
};

const run = (...words: string[]): Promise<Ended> => cardea(words, { cwd: folder, env });
const write = (name: string, content: unknown): void => {
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
};

const grant = {
  id: 'ann-1',
  tokenSha256: sha256Hex('ann'),
  person: { id: 'ann', groups: ['support'] },
  agent: { id: 'assistant', groups: [] },
  servers: ['desk'],
  tools: [],
  effects: ['read', 'write'],
  issued: new Date().toISOString(),
  expires: '2100-01-01T00:00:00Z',
};

let decision = '';
let desk: DeskEndpoint;
let pep: CardeaProcess;
let url = '';

const makeConfig = (): object => ({
  listen: { port: 0 },
  decision: { url: decision, tokenFile: 'proxy.token' },
  servers: [
    {
      id: 'desk',
      upstream: desk.url,
      credential: { header: 'authorization', prefix: 'Bearer ', value: 'file:desk.token' },
    },
  ],
});

async function call(name: string, args: object): Promise<string> {
  const response = await fetch(`${url}/desk/mcp`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer ann',
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
  });
  return `${response.status} ${await response.text()}`;
}

beforeAll(async () => {
  cpSync(example, join(folder, 'desk'), { recursive: true });
  for (const name of ['publisher', 'authority']) {
    const { out } = await run('keys', 'create', `test.example/${name}`, '--out', `${name}.key`);
    write(`${name}.pub`, out);
  }
  const proxy = { class: 'proxy', name: 'front', servers: ['desk'], tokenSha256: sha256Hex('front') };
  write('callers.json', { callers: [proxy] });
  write('proxy.token', 'front\n');
  write('desk.token', `${secret}\n`);
  write('grants.json', { grants: [grant] });
  expect(
    (await run('bundle', 'publish', 'desk', '--archive', 'archive', '--key', 'publisher.key')).code,
  ).toBe(0);
  const signer = new CardeaProcess(['signer'], { cwd: folder, env });
  await signer.until(/"event":"authority_issued"/);
  const pdp = new CardeaProcess(['pdp'], { cwd: folder, env });
  decision = await pdp.until(/"event":"listening","address":"([^"]+)"/);
  desk = await serveDesk({ shop: new Shop(), token: secret, json: true });
  write('pep.json', makeConfig());
});

afterAll(async () => {
  await endAll();
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

// Each step stands on the ones before it.
describe('the proxy of an operator', () => {
  it('comes up ready, by the bundle that is current', async () => {
    pep = new CardeaProcess(['pep'], { cwd: folder, env });
    url = await pep.until(/"event":"listening","address":"([^"]+)"/);
    expect(pep.err).toMatch(/"event":"bundle_current","bundle":"sha256:/);
    expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ ready: true, problems: [] });
    expect(await call('read_ticket', { ticket: 'T-7' })).toMatch(/^200 .*Charged twice/);
  });

  it('looks at its files when it is told', async () => {
    write('desk.token', 'another');
    process.kill(pep.pid, 'SIGHUP');
    await waitFor(async () =>
      (await call('read_ticket', { ticket: 'T-7' })).includes('Charged') ? undefined : true,
    );
    write('desk.token', secret);
    process.kill(pep.pid, 'SIGHUP');
    await waitFor(async () =>
      (await call('read_ticket', { ticket: 'T-7' })).includes('Charged') ? true : undefined,
    );
  });

  it('lets nobody in whose grant was taken back', async () => {
    write('grants.json', { grants: [{ ...grant, revoked: true }] });
    await waitFor(async () =>
      (await call('read_ticket', { ticket: 'T-7' })).startsWith('401') ? true : undefined,
    );
  });

  it('ends in good order, and has written no secret down', async () => {
    const { code, out, err } = await pep.end();
    expect(code).toBe(0);
    expect(err).toMatch(/"event":"closed"}\n$/);
    for (const hidden of [secret, 'another', 'Bearer', '"front"']) expect(out + err).not.toContain(hidden);
  });
});

describe('what keeps it from starting', () => {
  it('is shown where it stands in pep.json', async () => {
    write(
      'wrong.json',
      '{\n  "decision": { "unixSocket": "a" },\n  "servers": [{ "id": "desk", "upstreem": "x" }]\n}\n',
    );
    const { code, out } = await run('pep', '--config', 'wrong.json');
    expect(code).toBe(1);
    expect(out).toMatch(/^wrong\.json:3:15: error\[invalid_request\]: servers\.0\.upstream: /);
    expect(out).toContain(' 3 |   "servers": [{ "id": "desk", "upstreem": "x" }]');
  });

  it('is shown where it stands in the grants', async () => {
    write('wrong-grants.json', '{ "grants": [{ "id": "a", "token": "hunter2" }] }');
    const { code, out, err } = await run('pep', '--grants', 'wrong-grants.json');
    expect([code, out + err]).toEqual([
      1,
      expect.stringMatching(/^wrong-grants\.json:1:\d+: error\[invalid_request\]: /),
    ]);
  });

  it.each<[string, () => string[], RegExp]>([
    [
      'a secret that is not there',
      () => ['--config', 'no-secret.json'],
      /^error: the secret in .*none cannot be read: ENOENT\n$/,
    ],
    [
      'a grants file that is not there',
      () => ['--grants', 'none.json'],
      /^error: the service cannot start: none\.json: there is no such file\n$/,
    ],
    [
      'a place for metrics that is none',
      () => ['--metrics', '9090'],
      /^error: --metrics is an address and a port, as 127\.0\.0\.1:9090, not "9090"\n$/,
    ],
  ])('is one line for %s', async (_, words, message) => {
    write('no-secret.json', { ...makeConfig(), decision: { url: decision, tokenFile: 'none' } });
    const { code, err } = await run('pep', ...words());
    expect([code, err]).toEqual([1, expect.stringMatching(message)]);
  });

  it('is one line for an address that is taken', async () => {
    const port = Number(new URL(decision).port);
    write('taken.json', { ...makeConfig(), listen: { port } });
    const { code, err } = await run('pep', '--config', 'taken.json');
    expect([code, err]).toEqual([
      1,
      `error: cannot listen on 127.0.0.1:${port}: another program listens there\nhelp: choose another with listen.port in taken.json\n`,
    ]);
  });
});
