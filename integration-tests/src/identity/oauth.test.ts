// Agents on the SDK with people of a company: from no token at all to calls, through refreshes, rotations and outages of
// the provider.
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { until } from '../../../pep/test/until.ts';
import { approvedCatalog } from '../mcp/catalog/approvedCatalog.ts';
import { startSessionServer, type Endpoint } from '../mcp/endpoint.ts';
import { Stack } from '../pep/stack.ts';
import { Tap } from '../realServers/tap.ts';
import { connectAgent, type ConnectedAgent } from './agent.ts';
import { Company } from './company.ts';

const tokenSeconds = 2;
const effects = ['read', 'write', 'destructive'];
const scopes = [
  { scope: 'desk:read', servers: ['desk'], effects: ['read'] },
  { scope: 'desk:write', servers: ['desk'], effects },
  { scope: 'shop:use', servers: ['shop'], effects },
];

const policies = `
@id("mcp") permit (principal, action, resource) unless { resource is Tool };
@id("staff-tools") permit (principal in Group::"staff", action in Action::"tools/call", resource);
@id("no-interns") forbid (principal in Group::"interns", action == Action::"desk/fail", resource);
`;

let company: Company;
let server: Endpoint;
let tap: Tap;
let stack: Stack;
let origin = '';
const agents: ConnectedAgent[] = [];

const urlOf = (id: string): string => `${origin}/${id}/mcp`;

async function connect(person: string, id = 'desk'): Promise<ConnectedAgent> {
  company.person = person;
  const agent = await connectAgent(urlOf(id));
  agents.push(agent);
  return agent;
}

const add = ({ client }: ConnectedAgent): Promise<unknown> =>
  client.callTool({ name: 'add', arguments: { left: 2, right: 3 } });

const sum = { structuredContent: { sum: 5 } };

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Ask {
  readonly id?: string;
  readonly query?: string;
  readonly message?: object;
}

/** One request by hand. */
function ask(
  token: string,
  { id = 'desk', query = '', message = { method: 'tools/list' } }: Ask = {},
): Promise<Response> {
  return fetch(urlOf(id) + query, {
    method: 'POST',
    headers: {
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...message }),
  });
}

const challengeOf = ({ status, headers }: Response): string =>
  `${status} ${headers.get('www-authenticate')?.replace(/resource_metadata="[^"]*"/, 'WHERE') ?? ''}`;

async function findPort(): Promise<number> {
  const probe = createServer();
  await once(probe.listen(0, '127.0.0.1'), 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

beforeAll(async () => {
  const groups = { ann: ['staff'], ida: ['staff', 'interns'], eve: [] };
  company = await Company.start({ groups, scopes: scopes.map(({ scope }) => scope), tokenSeconds });
  server = await startSessionServer();
  tap = new Tap(server.url);
  const port = await findPort();
  origin = `http://127.0.0.1:${port}`;
  const upstream = await tap.start();
  stack = await Stack.start({
    policies,
    catalogs: {
      desk: await approvedCatalog(server.url, 'desk'),
      shop: await approvedCatalog(server.url, 'shop'),
    },
    upstreams: { desk: upstream, shop: upstream },
    credential: 'the key of the server',
    config: {
      listen: { port },
      publicUrl: origin,
      issuers: [
        {
          issuer: company.issuer,
          clockSkewSeconds: 0,
          scopes,
        },
      ],
    },
    limits: { drainTimeoutMs: 500 },
  });
});

afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.close()));
});

afterAll(async () => {
  await stack.stop();
  await tap.stop();
  await server.close();
  await company.stop();
});

describe('an agent without a token', () => {
  it('finds out where they are had, registers, lets its person log in, and works', async () => {
    const agent = await connect('ann');
    const { sentTo, accessToken } = agent.authorization;
    expect(sentTo?.origin).toBe(company.issuer);
    expect(Object.fromEntries(sentTo?.searchParams ?? [])).toMatchObject({
      resource: urlOf('desk'),
      scope: 'desk:read desk:write',
      code_challenge_method: 'S256',
    });
    expect(await add(agent)).toMatchObject(sum);
    // The server sees its own credential, and nothing of the client's.
    expect(tap.heads.length).toBeGreaterThan(0);
    for (const head of tap.heads) expect(head).toContain('x-server-key the key of the server');
    expect(tap.heads.join()).not.toMatch(/bearer|authorization/i);
    expect(JSON.stringify([tap.heads, tap.bodies.map(String), stack.events])).not.toContain(accessToken);
  });

  it('may do what the groups of its person may', async () => {
    expect(await add(await connect('ida'))).toMatchObject(sum);
    const { client } = agents[0] as ConnectedAgent;
    const listed = (await client.listTools()).tools.map(({ name }) => name);
    expect(listed).toContain('add');
    expect(listed).not.toContain('fail');
    await expect(client.callTool({ name: 'fail', arguments: {} })).rejects.toThrow();
    await expect(add(await connect('eve'))).rejects.toThrow(/offered/);
  });
});

describe('a token', () => {
  it('is for its server alone', async () => {
    const { authorization } = await connect('ann');
    expect((await ask(authorization.accessToken)).status).not.toBe(401);
    expect(challengeOf(await ask(authorization.accessToken, { id: 'shop' }))).toBe(
      '401 Bearer realm="cardea", error="invalid_token", WHERE',
    );
    expect(await add(await connect('ann', 'shop'))).toMatchObject(sum);
  });

  it('that is expired, unknown or cut is answered as any other', async () => {
    const { authorization } = await connect('ann');
    const { accessToken } = authorization;
    await wait(tokenSeconds * 1_000);
    const answers = await Promise.all(
      [accessToken, accessToken.slice(0, -9), 'unknown', 'a.b.c'].map(async (token) => {
        const answer = await ask(token);
        return [challengeOf(answer), answer.headers.get('content-length'), await answer.text()].join(' ');
      }),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^401 Bearer realm="cardea", error="invalid_token"/);
    expect(challengeOf(await ask(''))).toBe('401 Bearer realm="cardea", WHERE');
  });

  it('in the address opens nothing', async () => {
    const { authorization } = await connect('ann');
    for (const name of ['access_token', 'token'])
      expect((await ask('', { query: `?${name}=${authorization.accessToken}` })).status).toBe(404);
  });
});

describe('a token with some of the scopes', () => {
  it('shows what others would open, and is told all that it takes', async () => {
    company.refused.add('desk:write');
    const agent = await connect('ann');
    company.refused.clear();
    expect(await add(agent)).toMatchObject(sum);
    expect((await agent.client.listTools()).tools.map(({ name }) => name)).toContain('echo');
    const message = { method: 'tools/call', params: { name: 'echo', arguments: { text: 'hello' } } };
    const answer = await ask(agent.authorization.accessToken, { message });
    expect(challengeOf(answer)).toBe(
      '403 Bearer realm="cardea", error="insufficient_scope", scope="desk:read desk:write", WHERE',
    );
    expect(await answer.json()).toMatchObject({ error: { data: { code: 'insufficient_scope' } } });
    // Whoever asks for these once gets through.
    const more = await connect('ann');
    expect(JSON.stringify(await more.client.callTool(message.params))).toContain('hello');
  });

  it('learns nothing of tools that its person may not use', async () => {
    company.refused.add('desk:write');
    const { authorization } = await connect('ida');
    company.refused.clear();
    const message = { method: 'tools/call', params: { name: 'fail', arguments: {} } };
    const none = { method: 'tools/call', params: { name: 'none', arguments: {} } };
    const [hidden, missing] = await Promise.all(
      [message, none].map(async (one) => {
        const answer = await ask(authorization.accessToken, { message: one });
        return `${answer.status} ${await answer.text()}`;
      }),
    );
    expect(hidden).toBe(missing);
  });
});

describe('a session', () => {
  it('goes on when its token is refreshed in the middle of a call', async () => {
    const agent = await connect('ann');
    const first = agent.authorization.accessToken;
    agent.client.setRequestHandler(ElicitRequestSchema, async () => {
      await wait(tokenSeconds * 1_000 + 200);
      return { action: 'accept', content: { colour: 'green' } };
    });
    const session = (agent.client.transport as { sessionId?: string }).sessionId;
    const answer = await agent.client.callTool({ name: 'ask-user', arguments: {} });
    expect(JSON.stringify(answer)).toContain('green');
    expect(agent.authorization.accessToken).not.toBe(first);
    expect((await ask(first)).status).toBe(401);
    expect(await add(agent)).toMatchObject(sum);
    expect((agent.client.transport as { sessionId?: string }).sessionId).toBe(session);
  });

  it('is nobody else’s, though they have a token of the same agent', async () => {
    const agent = await connect('ann');
    const other = await connect('ida');
    const session = (agent.client.transport as { sessionId?: string }).sessionId ?? '';
    for (const method of ['GET', 'DELETE']) {
      const answer = await fetch(urlOf('desk'), {
        method,
        headers: {
          authorization: `Bearer ${other.authorization.accessToken}`,
          accept: 'text/event-stream',
          'mcp-session-id': session,
        },
      });
      expect(answer.status).toBe(404);
    }
    expect(await add(agent)).toMatchObject(sum);
  });
});

describe('the provider', () => {
  it('may rotate its keys', async () => {
    const agent = await connect('ann');
    await company.rotate();
    // Refreshed when it has expired, and signed by the new key.
    await wait(tokenSeconds * 1_000);
    await until(async () =>
      add(agent).then(
        () => true,
        () => false,
      ),
    );
    const kidOf = (token: string): unknown =>
      (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: unknown }).kid;
    const { held } = agent.authorization;
    expect(kidOf(held.at(-1)?.access_token ?? '')).not.toBe(kidOf(held[0]?.access_token ?? ''));
  });

  it('may be out of reach while its tokens hold', async () => {
    const agent = await connect('ann');
    const { accessToken } = agent.authorization;
    company.isOut = true;
    expect(await add(agent)).toMatchObject(sum);
    await wait(tokenSeconds * 1_000);
    expect((await ask(accessToken)).status).toBe(401);
    await expect(add(agent)).rejects.toThrow();
    company.isOut = false;
    expect(await add(agent)).toMatchObject(sum);
  });
});
