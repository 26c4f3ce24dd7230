// Two proxies that share a key before one server: a session belongs to its client, and to neither of the two.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sha256Hex } from '@cardea/schemas/digest';
import { waitFor, type CardeaProcess } from './cardeaProcess.ts';
import { annGrant, Operator } from './operator.ts';
import { SessionServer } from './sessionServer.ts';

const server = new SessionServer();
let operator: Operator;
let proxies: { pep: CardeaProcess; url: string }[];
let session = '';

const bobGrant = {
  ...annGrant,
  id: 'bob-1',
  tokenSha256: sha256Hex('bob'),
  person: { id: 'bob', groups: ['support'] },
};

beforeAll(async () => {
  operator = await Operator.start();
  const upstream = await server.start();
  operator.write('k1.key', 'a key that both of the proxies have\n');
  operator.write('grants.json', { grants: [{ ...annGrant, issued: '2020-01-01T00:00:00Z' }, bobGrant] });
  operator.write('pep.json', {
    listen: { port: 0 },
    decision: { url: operator.decision, tokenFile: 'proxy.token' },
    servers: [
      { id: 'desk', upstream },
      { id: 'other', upstream },
    ],
    sessions: { keys: [{ id: 'k1', value: 'file:k1.key' }] },
  });
  proxies = [await operator.startProxy(), await operator.startProxy()];
});

afterAll(async () => {
  await operator.stop();
  server.stop();
});

interface Ask {
  readonly at: 0 | 1;
  readonly method?: 'POST' | 'GET' | 'DELETE';
  readonly token?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

function ask({
  at,
  method = 'POST',
  token = 'ann',
  path = 'desk',
  headers = {},
  body,
}: Ask): Promise<Response> {
  return fetch(`${proxies[at]?.url ?? ''}/${path}/mcp`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json, text/event-stream',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const rpc = (id: number, method: string, params: object): object => ({ jsonrpc: '2.0', id, method, params });
const initialize = rpc(0, 'initialize', {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'c', version: '1' },
});
const callOf = (id: number, name: string, args: object): object =>
  rpc(id, 'tools/call', { name, arguments: args });
const read = callOf(1, 'read_ticket', { ticket: 'T-7' });
const search = callOf(2, 'search_tickets', { query: 'refund' });
const inSession = (): Record<string, string> => ({ 'mcp-session-id': session });

async function open(at: 0 | 1, token = 'ann'): Promise<string> {
  const response = await ask({ at, token, body: initialize });
  expect(await response.text()).toContain('"serverInfo"');
  return response.headers.get('mcp-session-id') ?? '';
}

async function describeAnswer(answer: Promise<Response>): Promise<string> {
  const response = await answer;
  return `${response.status} ${await response.text()}`;
}

/** Until that stands in it; then the client leaves. */
async function readUntil(response: Response, text: string): Promise<string> {
  let seen = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    seen += decoder.decode(chunk, { stream: true });
    if (seen.includes(text)) break;
  }
  return seen;
}

const lastId = (text: string): string => [...text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? '';

// Each step stands on the ones before it.
describe('a session that one proxy has opened', () => {
  it('is used through the other', async () => {
    session = await open(0);
    expect(session).toMatch(/^[A-Za-z0-9_-]{100,300}$/);
    for (const at of [1, 0] as const) {
      const response = await ask({ at, headers: inSession(), body: read });
      expect(response.headers.get('mcp-session-id')).toBe(session);
      expect(await response.text()).toContain('read_ticket in 1 sessions');
    }
  });

  it('is listened to through the other', async () => {
    const response = await ask({ at: 1, method: 'GET', headers: inSession() });
    expect(response.headers.get('mcp-session-id')).toBe(session);
    const seen = readUntil(response, 'list_changed');
    await waitFor(() => Promise.resolve(server.received.some((text) => text.startsWith('GET')) || undefined));
    server.notify('notifications/tools/list_changed');
    expect(await seen).toContain('list_changed');
  });

  it('goes on in the other from an event, and has there what it asked for here', async () => {
    const response = await ask({ at: 0, headers: inSession(), body: search });
    const id = lastId(await readUntil(response, 'data: \n\n'));
    server.release();
    const headers = { ...inSession(), 'last-event-id': id };
    const resumed = await ask({ at: 1, method: 'GET', headers });
    expect(await resumed.text()).toContain('search_tickets in 1 sessions');
  });

  it('goes on from no event of another session, in whichever proxy', async () => {
    const bobs = await open(1, 'bob');
    const response = await ask({ at: 1, token: 'bob', headers: { 'mcp-session-id': bobs }, body: read });
    const foreign = lastId(await response.text());
    for (const id of [foreign, 'event-1', `${foreign}A`]) {
      for (const at of [0, 1] as const) {
        const headers = { ...inSession(), 'last-event-id': id };
        expect(await describeAnswer(ask({ at, method: 'GET', headers }))).toMatch(/^404 .*unknown_session/);
      }
    }
  });

  it('belongs to nobody else, and nobody learns that it is there', async () => {
    const before = server.received.length;
    const tampered = session.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    const attempts: Omit<Ask, 'at'>[] = [
      { token: 'bob', headers: inSession() },
      { path: 'other', headers: inSession() },
      { headers: { 'mcp-session-id': tampered } },
      { headers: { 'mcp-session-id': session.slice(0, -4) } },
      { headers: { 'mcp-session-id': `${session}=` } },
      { headers: { 'mcp-session-id': session.toLowerCase() } },
      { headers: { 'mcp-session-id': 'upstream-session-1' } },
      { headers: { 'mcp-session-id': 'nobody' } },
    ];
    for (const method of ['POST', 'GET', 'DELETE'] as const) {
      const answers = new Set<string>();
      for (const at of [0, 1] as const) {
        for (const attempt of attempts) {
          const body = method === 'POST' ? { body: read } : {};
          answers.add(await describeAnswer(ask({ at, method, ...attempt, ...body })));
        }
      }
      expect([...answers]).toEqual([expect.stringMatching(/^404 .*unknown_session/)]);
    }
    expect(server.received.length).toBe(before);
  });

  it('outlives a proxy that is killed and started again', async () => {
    await proxies[0]?.pep.end('SIGKILL');
    proxies[0] = await operator.startProxy();
    const response = await ask({ at: 0, headers: inSession(), body: read });
    expect(await response.text()).toContain('read_ticket in 2 sessions');
  });

  it('goes on, after its proxy was killed, from an event that it had of that', async () => {
    const response = await ask({ at: 0, headers: inSession(), body: search });
    const seen = await readUntil(response, 'data: \n\n');
    await proxies[0]?.pep.end('SIGKILL');
    server.release();
    proxies[0] = await operator.startProxy();
    const headers = { ...inSession(), 'last-event-id': lastId(seen) };
    expect(await (await ask({ at: 0, method: 'GET', headers })).text()).toContain('search_tickets in 2');
  });

  it('is ended through the other, streams and all', async () => {
    const response = await ask({ at: 1, method: 'GET', headers: inSession() });
    expect((await ask({ at: 1, method: 'DELETE', headers: inSession() })).status).toBe(200);
    expect(await response.text()).toContain(': listening');
    expect(await describeAnswer(ask({ at: 1, headers: inSession(), body: read }))).toMatch(
      /^404 .*unknown_session/,
    );
    // The other one hears it from the server, whose words for it stay behind.
    const answer = await describeAnswer(ask({ at: 0, headers: inSession(), body: read }));
    expect(answer).toMatch(/^404 /);
    expect(answer).not.toContain('upstream-session');
  });
});

describe('the state of a call', () => {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'c', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const round = (at: 0 | 1, params: object, token = 'ann'): Promise<Response> =>
    ask({
      ...{ at, token },
      headers: {
        ...{ 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call' },
        'mcp-name': (params as { name: string }).name,
      },
      body: rpc(5, 'tools/call', { ...params, _meta: meta }),
    });
  const first = { name: 'read_ticket', arguments: { ticket: 'T-7' } };
  let state = '';

  // The shipped guardrail denies calls of sessions that are older than twelve hours, and this grant is.
  it('comes back to the server through the other proxy, as it was', async () => {
    const answer = (await (await round(0, first)).json()) as { result: { requestState: string } };
    state = answer.result.requestState;
    expect(state).toMatch(/^[A-Za-z0-9_-]{60,200}$/);
    const answered = await round(1, { ...first, requestState: state, inputResponses: {} });
    expect(await answered.text()).toContain('state: upstream-state');
  });

  it.each<[string, () => Promise<Response>]>([
    ['another person', () => round(1, { ...first, requestState: state }, 'bob')],
    ['other arguments', () => round(1, { ...first, arguments: { ticket: 'T-8' }, requestState: state })],
    [
      'another tool',
      () => round(0, { name: 'search_tickets', arguments: { query: 'a' }, requestState: state }),
    ],
    ['the server that made it', () => round(0, { ...first, requestState: 'upstream-state' })],
    ['whoever changed it', () => round(0, { ...first, requestState: `${state}A` })],
  ])('is none of %s', async (_name, make) => {
    const before = server.received.length;
    expect(await describeAnswer(make())).toMatch(/^400 .*"code":-32602.*unknown_state/);
    expect(server.received.length).toBe(before);
  });
});

it('neither of the two learns what the other calls a session', () => {
  expect(server.received.join('\n')).not.toContain(session);
  expect(proxies.map(({ pep }) => pep.out + pep.err).join('')).not.toContain('upstream-session');
});
