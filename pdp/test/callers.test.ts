// Who may do what: the classes of callers against the endpoints, and the ways to be one of them.
import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WireCaller } from '@cardea/schemas/wire';
import { makeCallers, tokens, tokenSha256 } from './client.ts';
import { callOf, facts, mcpSources, person, pinGuardrail } from './mcpSources.ts';
import { TestArchive } from './testArchive.ts';
import { TestService } from './testService.ts';

let archive: TestArchive;
let folder: string;

beforeAll(async () => {
  archive = await TestArchive.create('mcp', await pinGuardrail());
  await archive.publish(mcpSources);
  archive.keepStating();
  folder = mkdtempSync(join(tmpdir(), 'cardea-callers-'));
});

afterAll(async () => {
  await archive.remove();
  rmSync(folder, { recursive: true });
});

const issue = callOf('github/create_issue', { title: 'x' });
const bare = { action: { name: 'tools/call' }, resource: { type: 'Tool', id: 'github/search_code' } };
const alice = { type: 'Person', id: 'alice' };

describe('a class of callers', () => {
  let service: TestService;

  beforeAll(async () => {
    const callers = makeCallers(
      ['github'],
      [
        { ...alice, properties: { groups: ['builders'] } },
        { type: 'Agent', id: 'claude' },
      ],
    );
    service = await TestService.start(archive, { callers });
  });

  afterAll(() => service.close());

  const search = { subject: { type: 'Person' }, ...bare };
  const refund = callOf('stripe/create_refund', { amount: 1 });
  const asClient = (context: object): object => ({ ...bare, subject: alice, context });

  it.each([
    ['proxy', 'states facts for its own servers', ['/access/v1/evaluation', issue], 200],
    ['proxy', 'asks about no other server', ['/access/v1/evaluation', refund], 403],
    ['proxy', 'discovers its own servers', ['/v1/discover', { subject: person('a'), server: 'github' }], 200],
    ['proxy', 'gets nothing explained', ['/v1/explain', issue], 403],
    ['proxy', 'may search subjects', ['/access/v1/search/subject', search], 404],
    ['client', 'asks about a listed subject', ['/access/v1/evaluation', asClient({})], 200],
    [
      'client',
      'asks about no other subject',
      ['/access/v1/evaluation', { ...bare, subject: { type: 'Person', id: 'bob' } }],
      403,
    ],
    [
      'client',
      'states no properties of a subject',
      ['/access/v1/evaluation', { ...bare, subject: person('alice', 'admins') }],
      403,
    ],
    ['client', 'names a listed agent', ['/access/v1/evaluation', asClient({ agent: 'claude' })], 200],
    ['client', 'names no other agent', ['/access/v1/evaluation', asClient({ agent: 'mallory' })], 403],
    [
      'client',
      'states no properties of an agent',
      ['/access/v1/evaluation', asClient({ agent: facts.agent })],
      403,
    ],
    ['client', 'states the time', ['/access/v1/evaluation', asClient({ request: facts.request })], 200],
    ['client', 'states no grant', ['/access/v1/evaluation', asClient({ grant: facts.grant })], 403],
    [
      'client',
      'states no approvals',
      ['/access/v1/evaluation', asClient({ approvals: facts.approvals })],
      403,
    ],
    ['client', 'states no usage', ['/access/v1/evaluation', asClient({ usage: facts.usage })], 403],
    ['client', 'may not search subjects', ['/access/v1/search/subject', search], 403],
    ['client', 'gets nothing explained', ['/v1/explain', asClient({})], 403],
    ['author', 'asks about any server', ['/access/v1/evaluation', refund], 200],
    ['author', 'has verdicts explained', ['/v1/explain', issue], 200],
  ] as const)('%s %s', async (name, _, [path, body], status) => {
    const reply = await service.post(path, body, { token: tokens[name] });
    expect(reply.status).toBe(status);
    if (status === 403) expect(reply.body).toMatchObject({ error: { code: 'not_permitted' } });
  });

  it('lets a proxy search among what its own servers offer', async () => {
    const search = { subject: person('alice', 'builders', 'support'), ...bare, resource: { type: 'Tool' } };
    const found = async (token: string): Promise<string[]> => {
      const { body } = await service.post('/access/v1/search/resource', search, { token });
      return (body['results'] as { id: string }[]).map(({ id }) => id);
    };
    expect(await found(tokens.author)).toContain('stripe/create_refund');
    const own = (await found(tokens.author)).filter((id) => id.startsWith('github/'));
    expect(await found(tokens.proxy)).toEqual(own);
  });

  it('gives a client the properties that the operator listed', async () => {
    const request = { ...issue, subject: alice, context: { input: { title: 'x' } } };
    expect((await service.evaluate(request, tokens.client)).body['decision']).toBe(true);
  });

  it('shows clients no metrics, which tell what others ask', async () => {
    const statuses = (['proxy', 'author', 'client'] as const).map(async (name) => {
      const headers = { authorization: `Bearer ${tokens[name]}` };
      return (await fetch(`${service.address}/metrics`, { headers })).status;
    });
    expect(await Promise.all(statuses)).toEqual([200, 200, 403]);
  });

  it('refuses one evaluation of a batch and decides the others', async () => {
    const { subject, action, context } = issue as Record<string, unknown>;
    const evaluations = [
      { resource: { type: 'Tool', id: 'stripe/create_refund' } },
      { resource: { type: 'Tool', id: 'github/create_issue' } },
    ];
    const reply = await service.post(
      '/access/v1/evaluations',
      { subject, action, context, evaluations },
      { token: tokens.proxy },
    );
    expect(reply.body['evaluations']).toMatchObject([
      { decision: false, context: { code: 'not_permitted' } },
      { decision: true },
    ]);
  });

  it.each([
    ['no token', undefined],
    ['an unknown token', 'Bearer nobody'],
    ['another scheme', `Basic ${tokens.author}`],
    ['an empty token', 'Bearer '],
    ['a token that is far too long', `Bearer ${'x'.repeat(8_000)}`],
  ])('refuses %s everywhere but at the probes and the metadata', async (_, authorization) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const guarded = ['/v1/bundles/current', '/v1/authority/stream', '/metrics'];
    for (const path of guarded) {
      const response = await fetch(`${service.address}${path}`, { headers });
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([
        401,
        'Bearer realm="cardea"',
      ]);
    }
    const posted = await fetch(`${service.address}/access/v1/evaluation`, {
      method: 'POST',
      headers,
      body: JSON.stringify(issue),
    });
    expect([posted.status, await posted.json()]).toMatchObject([401, { error: { code: 'unauthenticated' } }]);
    for (const path of ['/healthz', '/readyz', '/.well-known/authzen-configuration']) {
      expect((await fetch(`${service.address}${path}`, { headers })).status).toBe(200);
    }
  });
});

describe('a unix socket', () => {
  it('for which no caller is marked is there, lets nobody in, and the log says so', async () => {
    const path = join(folder, 'unused.sock');
    const service = await TestService.start(archive, { unixSocket: path });
    expect(await statusThrough({ socketPath: path, path: '/v1/bundles/current' })).toBe(401);
    expect(service.events).toContainEqual(expect.objectContaining({ event: 'socket_unused' }));
    await service.close();
  });

  it('is open to its owner alone, and whoever comes through it is the caller marked so', async () => {
    const path = join(folder, 'pdp.sock');
    const callers: WireCaller[] = [{ class: 'author', name: 'local', socket: true }];
    const service = await TestService.start(archive, { callers, unixSocket: path });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await statusThrough({ socketPath: path, path: '/v1/bundles/current' })).toBe(200);
    expect((await service.get('/v1/bundles/current')).status).toBe(401);
    await service.close();
    expect(existsSync(path)).toBe(false);
  });

  function statusThrough(options: { socketPath: string; path: string }): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      httpRequest(options, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
  }
});

const openssl = process.env['CARDEA_OPENSSL'];

(openssl === undefined ? describe.skip : describe)('a client certificate', () => {
  it('is known by its fingerprint, whoever issued it', async () => {
    const [server, known, stranger] = ['server', 'known', 'stranger'].map((name) =>
      makeCertificate(name),
    ) as [Pem, Pem, Pem];
    const certificateSha256 = createHash('sha256').update(new X509Certificate(known.cert).raw).digest('hex');
    const callers: WireCaller[] = [
      { class: 'author', name: 'by certificate', certificateSha256 },
      { class: 'author', name: 'by token', tokenSha256: tokenSha256('t') },
    ];
    const service = await TestService.start(archive, { callers, tls: server });
    const statusWith = (
      pem: Partial<Pem>,
      headers: Record<string, string> = {},
    ): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const options = {
          ...pem,
          headers,
          ca: server.cert,
          checkServerIdentity: () => undefined,
          agent: false,
        };
        httpsRequest(`${service.address}/v1/bundles/current`, options, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(service.address).toMatch(/^https:/);
    expect(await statusWith(known)).toBe(200);
    expect(await statusWith(stranger)).toBe(401);
    expect(await statusWith({})).toBe(401);
    expect(await statusWith({}, { authorization: 'Bearer t' })).toBe(200);
    expect(await statusWith(known, { authorization: 'Bearer wrong' })).toBe(401);
    await service.close();
  });

  interface Pem {
    readonly key: string;
    readonly cert: string;
  }

  function makeCertificate(name: string): Pem {
    const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
    const flags = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
    ];
    execFileSync(openssl ?? 'openssl', [...flags, '-subj', `/CN=${name}`, '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  }
});
