// Servers that people use, governed by the arguments of their tools. Of the four only `server-everything` speaks Streamable
// HTTP; `server-filesystem`, `server-memory` and `server-sequential-thinking` speak over their standard streams alone, so
// supergateway stands before them. A client made with the SDK calls each of them directly and through the proxy.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import { calls, type Call } from './calls.ts';
import { Governed, serverIds, type ServerId } from './governed.ts';
import { secret } from './grounds.ts';

let governed: Governed;
const clients = new Map<string, Client>();

beforeAll(async () => {
  governed = await Governed.start();
  for (const id of serverIds) {
    for (const way of ['directly', 'through'] as const)
      clients.set(`${id} ${way}`, await governed.connect(id, way));
  }
}, 60_000);

afterAll(() => governed.stop());

function clientOf(server: ServerId, way: 'directly' | 'through'): Client {
  const client = clients.get(`${server} ${way}`);
  if (client === undefined) throw new Error(`there is no client of ${server}`);
  return client;
}

const ask = (client: Client, { tool, args }: Call): Promise<unknown> =>
  client.callTool({
    name: tool,
    arguments: JSON.parse(governed.grounds.fill(JSON.stringify(args))) as Record<string, unknown>,
  });

async function refusalOf(task: Promise<unknown>): Promise<unknown> {
  const fault = await task.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(fault instanceof McpError)) throw new Error(`no refusal: ${String(fault)}`);
  return fault.data;
}

describe('what is offered', () => {
  it.each([
    ['everything', []],
    ['files', []],
    // Whatever it is asked it tells all, and nothing permits it.
    ['memory', ['read_graph']],
    ['thinking', []],
  ] as const)('by %s is listed as the server lists it, but for %j', async (server, hidden) => {
    const listed = async (way: 'directly' | 'through'): Promise<{ name: string }[]> =>
      (await clientOf(server, way).listTools()).tools;
    const all = await listed('directly');
    expect(await listed('through')).toEqual(all.filter(({ name }) => !hidden.some((one) => one === name)));
    expect(all.length).toBeGreaterThan(0);
  });
});

// Each step stands on the ones before it.
describe('a call', () => {
  it.each(
    calls.map((call) => {
      const wanted = call.wanted === 'allowed' ? 'is answered by the server' : call.wanted.message;
      return [`${call.server}/${call.tool}`, JSON.stringify(call.args), wanted, call] as const;
    }),
  )('of %s with %s: %s', async (_name, _args, _wanted, call) => {
    const { server, wanted } = call;
    const before = governed.taps[server].bodies.length;
    const answer = ask(clientOf(server, 'through'), call);
    if (wanted === 'allowed') {
      const own = await ask(clientOf(server, 'directly'), call);
      expect(await answer).toEqual(own);
      expect(own).not.toHaveProperty('isError');
    } else {
      expect(await refusalOf(answer)).toMatchObject({ ...wanted, verdict: 'deny' });
    }
    expect(governed.taps[server].bodies.length - before).toBe(wanted === 'allowed' ? 1 : 0);
  });

  it('that was denied has left nothing behind', async () => {
    const memory = await governed.connect('memory', 'behind');
    const { structuredContent } = await memory.callTool({ name: 'read_graph', arguments: {} });
    expect(structuredContent).toEqual({
      entities: [
        { name: 'vault', entityType: 'thing', observations: [secret] },
        { name: 'kettle', entityType: 'thing', observations: ['it is red', 'it whistles', 'it leaks'] },
      ],
      relations: [],
    });
    expect(governed.grounds.visits).toBe(0);
  });
});
