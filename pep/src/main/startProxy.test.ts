import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sha256Hex } from '@cardea/schemas/digest';
import { archive } from '../../../bundles/test/memoryArchive.ts';
import { build, trust } from '../../../bundles/test/sample.ts';
import { DecisionServer } from '../../test/decisionServer.ts';
import { McpServer } from '../../test/mcpServer.ts';
import { until } from '../../test/until.ts';
import { readProxyConfig } from '../config/proxyConfig.ts';
import type { LogEvent } from '../telemetry/log.ts';
import type { ProxyOptions } from './options.ts';
import { startProxy, type RunningProxy } from './startProxy.ts';

const bundle = await build();
const source = archive(bundle);

let folder: string;
let decision: DecisionServer;
let upstream: McpServer;
let proxy: RunningProxy;
let events: LogEvent[];

const grant = {
  id: 'g-1',
  tokenSha256: sha256Hex('token'),
  person: { id: 'ann', groups: [] },
  agent: { id: 'assistant', groups: [] },
  servers: ['stripe'],
  tools: [],
  effects: ['read'],
  issued: '2026-01-01T00:00:00Z',
  expires: '2100-01-01T00:00:00Z',
};

const write = (name: string, content: unknown): string => {
  const path = join(folder, name);
  // Whoever looks meanwhile finds the old one or the new one.
  writeFileSync(`${path}.new`, typeof content === 'string' ? content : JSON.stringify(content));
  renameSync(`${path}.new`, path);
  return path;
};

async function makeOptions(change: Partial<ProxyOptions> = {}, more: object = {}): Promise<ProxyOptions> {
  const { origin } = await decision.endpoint();
  const config = {
    listen: { port: 0 },
    usage: 'process',
    decision: { url: origin.origin, tokenFile: 'decision.token' },
    servers: [
      {
        id: 'stripe',
        upstream: await upstream.url(),
        credential: { header: 'x-key', value: 'file:stripe.key' },
      },
    ],
    ...more,
  };
  write('decision.token', 'the-token\n');
  write('stripe.key', 'first');
  return {
    config: readProxyConfig(JSON.stringify(config), folder),
    source,
    trust,
    authority: { verifiers: decision.verifiers },
    grants: write('grants.json', { grants: [grant] }),
    environment: {},
    pollMs: 20,
    log: (event) => events.push(event),
    ...change,
  };
}

async function start(change: Partial<ProxyOptions> = {}, more: object = {}): Promise<void> {
  decision.state(bundle.digest);
  proxy = await startProxy(await makeOptions(change, more));
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function call(name: string, token = 'token'): Promise<Answer> {
  const params = { name, arguments: { amount: 1 } };
  const response = await fetch(`${proxy.url}/stripe/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  });
  return { status: response.status, text: await response.text() };
}

const get = async (url: string): Promise<Answer> => {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
};

const codesOf = ({ text }: Answer): string[] =>
  (JSON.parse(text) as { problems: { code: string }[] }).problems.map(({ code }) => code);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-pep-'));
  events = [];
  decision = new DecisionServer();
  decision.visible = [{ type: 'Tool', id: 'stripe/create_refund' }];
  upstream = new McpServer();
});

afterEach(async () => {
  await proxy.close();
  await decision.close();
  await upstream.close();
  rmSync(folder, { recursive: true });
});

describe('a proxy that is started', () => {
  it('forwards what is allowed with the credential of the server, and nothing that is denied', async () => {
    await start();
    expect(await call('create_refund')).toMatchObject({
      status: 200,
      text: expect.stringContaining('"amount":1'),
    });
    expect(upstream.requests).toHaveLength(1);
    expect(upstream.requests[0]?.headers).toMatchObject({ 'x-key': 'first' });
    expect(upstream.requests[0]?.headers.authorization).toBeUndefined();
    decision.denials = new Map([['stripe/create_refund', 'forbidden']]);
    expect((await call('create_refund')).text).toContain('"code":"forbidden"');
    expect((await call('create_refund', 'other')).status).toBe(401);
    expect(upstream.requests).toHaveLength(1);
  });

  it('lets nobody keep a connection whom it does not know', async () => {
    await start();
    const connection = async (path: string, request?: RequestInit): Promise<string | null> => {
      const response = await fetch(`${proxy.url}${path}`, request);
      await response.text();
      return response.headers.get('connection');
    };
    for (const path of ['/healthz', '/readyz', '/stripe/mcp', '/nowhere', '/stripe/mcp/more'])
      expect(await connection(path)).toBe('close');
    const headers = { authorization: 'Bearer token' };
    expect(await connection('/stripe/mcp', { method: 'DELETE', headers })).toBe('keep-alive');
  });

  it('takes up secrets and grants that change, at a look or when it is told', async () => {
    await start();
    write('stripe.key', 'second');
    await proxy.reload();
    await call('create_refund');
    expect(upstream.requests[0]?.headers).toMatchObject({ 'x-key': 'second' });
    write('grants.json', { grants: [{ ...grant, revoked: true }] });
    await until(async () => (await call('create_refund')).status === 401);
    expect(events).not.toContainEqual(expect.objectContaining({ event: 'problem' }));
  });

  it('never writes a secret down', async () => {
    await start();
    await call('create_refund');
    write('stripe.key', 'two\nlines');
    await proxy.reload();
    const written = JSON.stringify(events);
    expect(written).toContain('credentials_unreadable');
    for (const secret of ['first', 'the-token', 'two', '"token"']) expect(written).not.toContain(secret);
  });
});

describe('readiness', () => {
  it('is there once a bundle is, and names what is wrong without a detail', async () => {
    await start();
    expect(await get(`${proxy.url}/healthz`)).toEqual({ status: 200, text: '{"ok":true}' });
    expect(await get(`${proxy.url}/readyz`)).toEqual({
      status: 200,
      text: JSON.stringify({ ready: true, bundle: bundle.digest, problems: [] }),
    });
    write('grants.json', '{}');
    await proxy.reload();
    const answer = await get(`${proxy.url}/readyz`);
    expect([answer.status, codesOf(answer)]).toEqual([200, ['grants_refused']]);
    expect(answer.text).not.toContain(folder);
    expect(events).toContainEqual(
      expect.objectContaining({
        event: 'problem',
        subject: 'grants',
        detail: expect.stringContaining(`${folder}/grants.json:1:1: `),
      }),
    );
    write('grants.json', { grants: [grant] });
    await proxy.reload();
    expect(codesOf(await get(`${proxy.url}/readyz`))).toEqual([]);
    expect(events.at(-1)).toEqual({ event: 'problem_solved', subject: 'grants' });
  });

  it('is not there while nothing is stated', async () => {
    proxy = await startProxy(await makeOptions());
    const answer = await get(`${proxy.url}/readyz`);
    expect([answer.status, codesOf(answer)]).toEqual([503, ['stale_authority', 'not_ready']]);
    expect((await call('create_refund')).text).toContain('"code":"stale_authority"');
    decision.state(bundle.digest);
    await until(async () => (await get(`${proxy.url}/readyz`)).status === 200);
  });

  it('names servers that the bundle does not have', async () => {
    await start({}, { servers: [{ id: 'gone', upstream: 'http://127.0.0.1:1/mcp' }] });
    expect(codesOf(await get(`${proxy.url}/readyz`))).toEqual(['servers_not_offered']);
  });
});

describe('metrics', () => {
  it('count what was decided and refused, on a listener of their own', async () => {
    await start({ metrics: { host: '127.0.0.1', port: 0 } });
    await call('create_refund');
    await call('create_refund', 'other');
    expect((await get(`${proxy.url}/metrics`)).status).toBe(404);
    const { text } = await get(`${proxy.metricsUrl ?? ''}/metrics`);
    expect(text).toContain('cardea_pep_decisions_total{verdict="allow",code="allowed",source="service"} 1\n');
    expect(text).toContain('cardea_pep_refusals_total{code="unauthenticated"} 1\n');
    expect(text).toContain(`cardea_pep_bundle_info{bundle="${bundle.digest}"} 1\n`);
    expect(text).toMatch(/cardea_pep_authority_lag_seconds \d/);
    expect((await get(`${proxy.metricsUrl ?? ''}/readyz`)).status).toBe(200);
    expect((await get(`${proxy.metricsUrl ?? ''}/stripe/mcp`)).status).toBe(404);
  });
});

describe('closing', () => {
  it('answers what has begun, and then is gone', async () => {
    await start();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    upstream.gate = promise;
    const begun = [call('create_refund'), call('create_refund')];
    await until(() => upstream.requests.length === 2);
    const closed = proxy.close();
    resolve(undefined);
    for (const { status } of await Promise.all(begun)) expect(status).toBe(200);
    await closed;
    await expect(call('create_refund')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    expect(events.slice(-2)).toEqual([{ event: 'closing' }, { event: 'closed' }]);
  });
});

describe('a proxy that cannot start', () => {
  it.each<[string, (options: ProxyOptions) => Partial<ProxyOptions>, object]>([
    ['no grants file', () => ({ grants: join(folder, 'none') }), { code: 'ENOENT' }],
    ['grants that are none', () => ({ grants: write('wrong.json', '[]') }), { name: 'JsonRefusal' }],
    ['a plain profile', () => ({ trust: { ...trust, profile: 'plain' } }), { name: 'RangeError' }],
    ['rare looks at its files', () => ({ pollMs: 1_001 }), { name: 'RangeError' }],
    [
      'a limit on age that is none',
      ({ authority }) => ({ authority: { ...authority, staleMs: 1 } }),
      { name: 'RangeError' },
    ],
  ])('says so: %s', async (_, change, fault) => {
    decision.state(bundle.digest);
    const options = await makeOptions();
    await expect(startProxy({ ...options, ...change(options) })).rejects.toMatchObject(fault);
  });

  it('says so: an address that is taken', async () => {
    await start();
    const options = await makeOptions();
    const listen = { host: '127.0.0.1', port: Number(new URL(proxy.url).port) };
    await expect(startProxy({ ...options, config: { ...options.config, listen } })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
