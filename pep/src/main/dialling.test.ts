// A proxy whose names lead where the test says, before real servers on loopback.
import { once } from 'node:events';
import dns, { type LookupAddress } from 'node:dns';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { sha256Hex } from '@cardea/schemas/digest';
import { archive } from '../../../bundles/test/memoryArchive.ts';
import { build, trust } from '../../../bundles/test/sample.ts';
import { DecisionServer } from '../../test/decisionServer.ts';
import { McpServer } from '../../test/mcpServer.ts';
import { until } from '../../test/until.ts';
import { readProxyConfig, type ProxyConfig } from '../config/proxyConfig.ts';
import { Problems } from '../health/problems.ts';
import type { LogEvent } from '../telemetry/log.ts';
import { composeDialling } from './composeDialling.ts';
import { startProxy, type RunningProxy } from './startProxy.ts';

const bundle = await build();

/** What a name means, at each connection anew. */
let meanings: Map<string, string>;
let folder: string;
let decision: DecisionServer;
let upstream: McpServer;
let proxy: RunningProxy | undefined;
let events: LogEvent[];

type LookupArguments = [string, object, (fault: Error | null, addresses: LookupAddress[]) => void];

beforeEach(() => {
  meanings = new Map();
  const resolve = dns.lookup.bind(dns) as (...call: LookupArguments) => void;
  const lookup = (...[name, options, callback]: LookupArguments): void => {
    const address = meanings.get(name);
    if (address === undefined) resolve(name, options, callback);
    else callback(null, [{ address, family: 4 }]);
  };
  jest.spyOn(dns, 'lookup').mockImplementation(lookup as unknown as typeof dns.lookup);
  folder = mkdtempSync(join(tmpdir(), 'cardea-dial-'));
  events = [];
  decision = new DecisionServer();
  decision.visible = [{ type: 'Tool', id: 'stripe/create_refund' }];
  upstream = new McpServer();
});

afterEach(async () => {
  await proxy?.close();
  proxy = undefined;
  await decision.close();
  await upstream.close();
  rmSync(folder, { recursive: true });
  jest.restoreAllMocks();
});

const renamed = (url: string, hostname: string): string => url.replace('127.0.0.1', hostname);

async function start(names: { upstream?: string; decision?: string }, dial?: object): Promise<string> {
  const { origin } = await decision.endpoint();
  const config = {
    listen: { port: 0 },
    usage: 'process',
    decision: { url: renamed(origin.origin, names.decision ?? '127.0.0.1'), tokenFile: 'token' },
    servers: [{ id: 'stripe', upstream: renamed(await upstream.url(), names.upstream ?? '127.0.0.1') }],
    dial,
  };
  writeFileSync(join(folder, 'token'), 'the-token');
  const grant = {
    ...{ id: 'g-1', tokenSha256: sha256Hex('token'), servers: ['stripe'], tools: [], effects: ['read'] },
    ...{ person: { id: 'ann', groups: [] }, agent: { id: 'assistant', groups: [] } },
    ...{ issued: '2026-01-01T00:00:00Z', expires: '2100-01-01T00:00:00Z' },
  };
  const grants = join(folder, 'grants.json');
  writeFileSync(grants, JSON.stringify({ grants: [grant] }));
  decision.state(bundle.digest);
  proxy = await startProxy({
    ...{ config: readProxyConfig(JSON.stringify(config), folder), source: archive(bundle), trust, grants },
    ...{ authority: { verifiers: decision.verifiers }, environment: {}, pollMs: 20 },
    log: (event) => events.push(event),
  });
  return proxy.url;
}

async function call(url: string): Promise<string> {
  const params = { name: 'create_refund', arguments: { amount: 1 } };
  const response = await fetch(`${url}/stripe/mcp`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer token',
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  });
  return response.text();
}

async function codesAt(url: string): Promise<string[]> {
  const { problems } = (await (await fetch(`${url}/readyz`)).json()) as { problems: { code: string }[] };
  return problems.map(({ code }) => code);
}

describe('a name of a server', () => {
  it('leads to no private address: clients are told nothing of it, operators what to allow', async () => {
    meanings.set('mcp.example', '127.0.0.1');
    const url = await start({ upstream: 'mcp.example' });
    const text = await call(url);
    expect(text).toContain('"code":"upstream_unavailable"');
    expect(text).not.toMatch(/mcp\.example|127\.0\.0\.1|loopback/);
    expect(upstream.requests).toEqual([]);
    expect(await codesAt(url)).toEqual(['address_not_allowed']);
    const detail = expect.stringMatching(
      /^mcp\.example leads to 127\.0\.0\.1, which is loopback.*dial\.allow/,
    );
    expect(events).toContainEqual(expect.objectContaining({ subject: 'dialling', detail }));
  });

  it('leads where the operator allows it to, and nowhere else when it changes', async () => {
    meanings.set('mcp.example', '127.0.0.2');
    const url = await start({ upstream: 'mcp.example' }, { allow: ['127.0.0.1'] });
    const received: Buffer[] = [];
    const trap = createTcpServer((socket) => socket.on('data', (chunk) => received.push(chunk)));
    await once(trap.listen(Number(new URL(await upstream.url()).port), '127.0.0.2'), 'listening');
    expect(await call(url)).toContain('"code":"upstream_unavailable"');
    expect(await codesAt(url)).toEqual(['address_not_allowed']);
    expect(received).toEqual([]);
    trap.close();
    meanings.set('mcp.example', '127.0.0.1');
    expect(await call(url)).toContain('"amount":1');
    expect(await codesAt(url)).toEqual([]);
    expect(events.at(-1)).toEqual({ event: 'problem_solved', subject: 'dialling' });
  });
});

describe('a name of the decision service', () => {
  it('gets neither a question nor the token where it leads to a private address', async () => {
    meanings.set('pdp.example', '127.0.0.1');
    const url = await start({ decision: 'pdp.example' });
    expect(await codesAt(url)).toEqual(
      expect.arrayContaining(['address_not_allowed', 'authority_unheard', 'not_ready']),
    );
    expect(JSON.stringify(events)).toContain('pdp.example leads to 127.0.0.1');
    expect(decision.requests).toEqual([]);
  });

  it('is asked where that is allowed', async () => {
    meanings.set('pdp.example', '127.0.0.1');
    const url = await start({ decision: 'pdp.example' }, { allow: ['127.0.0.0/8'] });
    await until(async () => (await codesAt(url)).length === 0);
    expect(await call(url)).toContain('"amount":1');
  });
});

describe('documents of a provider', () => {
  let provider: Server;
  let origin: string;
  let answer: RequestListener;

  beforeEach(async () => {
    provider = createServer((request, response) => {
      answer(request, response);
    });
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
    answer = (_, response) => response.end('{}');
  });

  afterEach(async () => {
    provider.closeAllConnections();
    await new Promise((resolve) => provider.close(resolve));
  });

  const read = (issuer: string, url: string): Promise<string> => {
    const config = { issuers: { issuers: [{ issuer }] } } as unknown as ProxyConfig;
    const { fetchDocument } = composeDialling(config, new Problems(() => undefined).report);
    return fetchDocument(new URL(url), 100).then((bytes) => Buffer.from(bytes).toString());
  };

  it('come from the address that the operator wrote, at its port', async () => {
    expect(await read(origin, `${origin}/keys`)).toBe('{}');
    await expect(read('http://127.0.0.1:1', `${origin}/keys`)).rejects.toThrow(/127.0.0.1 is loopback/);
    await expect(read('https://id.example', `${origin}/keys`)).rejects.toThrow(/127.0.0.1 is loopback/);
  });

  it.each<[string, RequestListener]>([
    ['another status', (_request, response) => response.writeHead(500).end('{}')],
    ['no content', (_request, response) => response.writeHead(204).end()],
    ['a redirect', (_request, response) => response.writeHead(302, { location: '/other' }).end()],
    ['too much', (_request, response) => response.end('x'.repeat(101))],
  ])('are none where there is %s', async (_what, listener) => {
    let asked = 0;
    answer = (request, response) => {
      asked += 1;
      listener(request, response);
    };
    await expect(read(origin, `${origin}/keys`)).rejects.toThrow();
    expect(asked).toBe(1);
  });
});
