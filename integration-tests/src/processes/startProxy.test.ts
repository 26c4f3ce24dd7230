// The whole path of `cardea start`: a client made with the SDK, the proxy, the decision service, and the sample server.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import { CardeaProcess, endAll, waitFor } from './cardeaProcess.ts';

const folder = mkdtempSync(join(tmpdir(), 'cardea-whole-'));
let service: CardeaProcess;
let url: URL;
const clients: Client[] = [];

const tokenOf = (name: string): string => readFileSync(join(folder, '.cardea/tokens', name), 'utf8').trim();

async function connect(token: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  const headers = { authorization: `Bearer ${token}` };
  const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers } });
  await client.connect(transport);
  clients.push(client);
  return client;
}

interface Told {
  readonly code: number;
  readonly data: unknown;
}

const call = (client: Client, name: string, args: Record<string, unknown>): Promise<unknown> =>
  client.callTool({ name, arguments: args });

async function refusalOf(task: Promise<unknown>): Promise<Told> {
  const fault = await task.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(fault instanceof McpError)) throw new Error(`no refusal: ${String(fault)}`);
  return { code: fault.code, data: fault.data };
}

const ran = (): string[] => [...service.out.matchAll(/^desk runs (\w+)$/gm)].map(([, tool = '']) => tool);

beforeAll(async () => {
  service = new CardeaProcess(['start', '--port', '0', '--proxy-port', '0'], { cwd: folder });
  url = new URL(await service.until(/cardea stands before (\S+)\n/));
});

afterAll(async () => {
  for (const client of clients) await client.close();
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

// Each step stands on the ones before it.
describe('an agent of ann, who is in support', () => {
  let ann: Client;

  it('connects, and sees what she may use', async () => {
    ann = await connect(tokenOf('ann'));
    const { tools } = await ann.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual([
      'assign_ticket',
      'read_ticket',
      'refund_order',
      'reply_to_ticket',
      'search_tickets',
    ]);
  });

  it('gets real answers to what is allowed', async () => {
    expect(await call(ann, 'search_tickets', { query: 'charged twice' })).toMatchObject({
      content: [{ type: 'text', text: 'T-7 (open): Charged twice' }],
    });
    expect(await call(ann, 'refund_order', { order: 'A-1001', amount: 1_200 })).toMatchObject({
      content: [{ text: 'Refunded 12.00 of order A-1001 to c-31.' }],
    });
    await waitFor(() => Promise.resolve(ran().length === 2 ? true : undefined));
  });

  it('is told why something is denied, and nothing of it runs', async () => {
    const body = 'Your card 4111 1111 1111 1111 was charged twice.';
    const denied = await refusalOf(call(ann, 'reply_to_ticket', { ticket: 'T-7', body }));
    expect(denied).toMatchObject({
      code: -32001,
      data: { code: 'forbidden', message: 'The reply holds personal data. Send it as an internal note.' },
    });
    expect(ran()).toEqual(['search_tickets', 'refund_order']);
    await call(ann, 'reply_to_ticket', { ticket: 'T-7', body, internal: true });
    expect(await call(ann, 'read_ticket', { ticket: 'T-7' })).toMatchObject({
      content: [{ text: expect.stringContaining(`- note: ${body}`) }],
    });
  });

  it('is told who has to approve what is held', async () => {
    expect(await refusalOf(call(ann, 'refund_order', { order: 'A-1001', amount: 7_500 }))).toMatchObject({
      code: -32001,
      data: { code: 'held', approval: { approvers: ['finance'] } },
    });
  });

  it('learns as much of a hidden tool as of one that there is not', async () => {
    const hidden = await refusalOf(call(ann, 'export_customers', {}));
    const missing = await refusalOf(call(ann, 'no_such_tool', {}));
    expect(hidden).toEqual(missing);
    expect(hidden.code).toBe(-32602);
    expect(ran()).not.toContain('export_customers');
  });
});

describe('others', () => {
  it('see what their groups and their grant allow', async () => {
    const lee = await connect(tokenOf('lee'));
    const { tools } = await lee.listTools();
    expect(tools.map(({ name }) => name)).toContain('close_account');
    expect((await refusalOf(call(lee, 'close_account', { account: 'c-52' }))).code).toBe(-32001);
    expect(ran()).not.toContain('close_account');
  });

  it.each([
    ['no token', ''],
    ['a token of another kind', 'author'],
    ["the server's own credential", 'desk'],
  ])('are turned away with %s', async (_, name) => {
    await expect(connect(name === '' ? '' : tokenOf(name))).rejects.toThrow();
  });
});

it('a grant that is taken back ends what it allowed, within a second', async () => {
  const ann = await connect(tokenOf('ann'));
  const path = join(folder, '.cardea/grants.json');
  const { grants } = JSON.parse(readFileSync(path, 'utf8')) as { grants: { id: string }[] };
  const revoked = grants.map((grant) => (grant.id === 'local-ann' ? { ...grant, revoked: true } : grant));
  const startMs = performance.now();
  writeFileSync(path, JSON.stringify({ grants: revoked }));
  await waitFor(async () =>
    call(ann, 'read_ticket', { ticket: 'T-7' }).then(
      () => undefined,
      () => true,
    ),
  );
  expect(performance.now() - startMs).toBeLessThan(2_000);
});

it('ends in good order', async () => {
  expect(await service.end('SIGINT')).toMatchObject({ code: 0, err: '' });
});
