// A server as people build it, on the SDK with sessions and event streams: what is hidden from one of two clients shows in
// nothing that comes back, whatever that client asks and however it asks it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { approvedCatalog } from '../../mcp/catalog/approvedCatalog.ts';
import { startSessionServer, type Endpoint } from '../../mcp/endpoint.ts';
import { Traveller } from '../../mcp/tour/traveller.ts';
import { Caller, type Outcome } from '../caller.ts';
import { Stack } from '../stack.ts';
import { rpc } from './attack.ts';

const policies = `
@id("all") permit (principal, action, resource);
@id("ann-does-not-add") forbid (principal == Person::"ann", action == Action::"desk/add", resource);
`;

let server: Endpoint;
let stack: Stack;
let ann: Traveller;
let bob: Traveller;
let caller: Caller;

const travel = async (token: string): Promise<Traveller> => {
  const traveller = Traveller.at(stack.url('desk'), { authorization: `Bearer ${token}` });
  await traveller.connect();
  return traveller;
};

beforeAll(async () => {
  server = await startSessionServer();
  stack = await Stack.start({
    policies,
    catalogs: { desk: await approvedCatalog(server.url, 'desk') },
    upstreams: { desk: server.url },
    grants: [
      { token: 'ann', person: 'ann' },
      { token: 'bob', person: 'bob' },
    ],
    limits: { drainTimeoutMs: 500 },
  });
  [ann, bob] = await Promise.all([travel('ann'), travel('bob')]);
  caller = new Caller(stack.url('desk'), 'ann');
}, 60_000);

afterAll(async () => {
  caller.close();
  await Promise.all([ann.client.close(), bob.client.close()]);
  await stack.stop();
  await server.close();
});

const namesOf = async ({ client }: Traveller): Promise<string[]> =>
  (await client.listTools()).tools.map(({ name }) => name);

const callError = (traveller: Traveller, name: string): Promise<unknown> =>
  traveller.client.callTool({ name, arguments: { left: 1, right: 2 } }).then(
    ({ structuredContent }) => structuredContent,
    (fault: unknown) => ({ code: (fault as { code: number }).code, text: String(fault) }),
  );

const ask = (method: string, params: object, id: number): Promise<Outcome> =>
  caller.call({
    body: rpc(method, params, id),
    headers: { 'mcp-session-id': ann.transport.sessionId ?? '', 'mcp-protocol-version': '2025-11-25' },
  });

describe('a hidden tool of a real server', () => {
  it('is in the list of whoever may call it, and works', async () => {
    expect(await namesOf(bob)).toContain('add');
    expect(await callError(bob, 'add')).toEqual({ sum: 3 });
  });

  it('is in no list of the other, and is called like one that is not there', async () => {
    const names = await namesOf(ann);
    expect(names).toContain('echo');
    expect(names).not.toContain('add');
    const [hidden, unknown] = [await callError(ann, 'add'), await callError(ann, 'adder')];
    expect(hidden).toEqual(unknown);
    expect(hidden).toMatchObject({ code: -32602 });
  });

  it('does not come back where the answer to another request of the same id is awaited', async () => {
    for (let id = 1_000; id < 1_020; id += 1) {
      const outcomes = await Promise.all([
        ask('tools/list', {}, id),
        ask('ping', {}, id),
        ask('resources/list', {}, id),
      ]);
      const texts = outcomes.map(({ text }) => text).join('\n');
      expect(texts).not.toMatch(/"add"|Adds two/);
      // The id is free again where its first request was answered before the next one came.
      for (const { answer, text } of outcomes)
        expect(`${answer} ${text}`).toMatch(/"result"|invalid_request/);
    }
  });

  it('is reached in no session of the one who may call it', async () => {
    const { answer } = await caller.call({
      body: rpc('tools/call', { name: 'add', arguments: { left: 1, right: 2 } }),
      headers: { 'mcp-session-id': bob.transport.sessionId ?? '' },
    });
    expect(answer).toBe('404 unknown_session -32001');
  });
});
