import { afterEach, describe, expect, it } from '@jest/globals';
import type { JsonValue } from '@cardea/schemas/json';
import { wireDefinition } from '@cardea/schemas/mcp';
import { readPreviousCatalog } from '../catalog/previousCatalog.ts';
import { serveDesk } from './fixtures/deskServer.ts';
import { helloText, sendJson, serveRaw, type RawAnswer } from './fixtures/rawServer.ts';
import { HttpTransport } from './httpTransport.ts';
import { pullServer, type PulledServer } from './pullServer.ts';

const open: { close: () => unknown }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ close }) => close()));
});

function pull(url: string, headers = {}, signal = new AbortController().signal): Promise<PulledServer> {
  return pullServer(new HttpTransport({ url: new URL(url), headers: new Headers(headers), signal }), {
    signal,
  });
}

async function pullRaw(answers: Readonly<Record<string, RawAnswer>>): Promise<PulledServer> {
  const endpoint = await serveRaw(answers);
  open.push(endpoint);
  return pull(endpoint.url);
}

const list = (tools: string, more = ''): string => `{"tools":${tools}${more}}`;
const tool = '{"name":"t","inputSchema":{"type":"object"}}';

describe('pulling over Streamable HTTP', () => {
  it.each([['events', false] as const, ['plain JSON', true] as const])(
    'gets every page of a server that answers with %s, exactly as sent',
    async (_, json) => {
      const desk = await serveDesk({ json });
      open.push(desk);
      const pulled = await pull(desk.url, { authorization: 'Bearer secret' });
      const { tools } = readPreviousCatalog('examples/quickstart/catalog/desk.json');
      expect(pulled).toMatchObject({ name: 'desk', version: '1.4.0', protocol: '2025-11-25' });
      expect([...pulled.tools].reverse()).toEqual(tools.map(wireDefinition));
      expect(new Set(desk.seen.map(({ authorization }) => authorization))).toEqual(
        new Set(['Bearer secret']),
      );
      expect(desk.seen.at(-1)).toMatchObject({ 'mcp-protocol-version': '2025-11-25' });
      expect(desk.methods.at(-1)).toBe('DELETE');
    },
  );

  it('keeps integers that a double cannot hold', async () => {
    const big = '{"name":"t","inputSchema":{"type":"object","maximum":9007199254740993}}';
    const { tools } = await pullRaw({ 'tools/list': () => list(`[${big}]`) });
    expect(tools[0]?.['inputSchema']).toMatchObject({ maximum: 9007199254740993n });
  });

  it('keeps capabilities and instructions that the SDK does not know', async () => {
    const { capabilities, instructions } = await pullRaw({
      'tools/list': () => list('[]'),
      initialize: () =>
        helloText
          .replace('"tools":{}', '"tools":{},"future":{"x":1}')
          .replace(/}$/, ',"instructions":"Hi."}'),
    });
    expect({ capabilities, instructions }).toEqual({
      capabilities: { tools: {}, future: { x: 1 } } as JsonValue,
      instructions: 'Hi.',
    });
  });

  it('takes an unknown method for an empty list', async () => {
    const { tools } = await pullRaw({
      'tools/list': ({ id }, response) => {
        sendJson(response, `{"jsonrpc":"2.0","id":${id},"error":{"code":-32601,"message":"no"}}`);
        return undefined;
      },
    });
    expect(tools).toEqual([]);
  });

  it('stops reading a stream that has answered and does not end', async () => {
    const { tools } = await pullRaw({
      'tools/list': ({ id }, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('id: 1\ndata:\n\n');
        response.write('data: {"jsonrpc":"2.0","method":"notifications/message","params":{}}\n\n');
        response.write(`data: {"jsonrpc":"2.0","id":${id},"result":${list(`[${tool}]`)}}\n\n`);
        return undefined;
      },
    });
    expect(tools).toHaveLength(1);
  });

  it.each<[string, RawAnswer, string]>([
    [
      'pages without end',
      ({ params }) => list(`[${tool}]`, `,"nextCursor":"${Number(params.cursor ?? 0) + 1}"`),
      'tools/list has more than 1000 pages',
    ],
    [
      'the same cursor again',
      () => list('[]', ',"nextCursor":"again"'),
      'tools/list gives the same cursor twice, so it would never end',
    ],
    [
      'more definitions than a catalog may have',
      () => list(`[${Array.from({ length: 10_001 }, () => tool).join(',')}]`),
      'tools/list gives more than 10000 definitions',
    ],
    [
      'descriptions without end',
      () => list(`[{"name":"t","description":"${'x'.repeat(17 * 1024 * 1024)}"}]`),
      'the server sent more than 16777216 bytes',
    ],
    [
      'the same key twice',
      () => list('[{"name":"t","description":"good","description":"evil"}]'),
      'a message of the server is refused: line 1, column 77: ',
    ],
    ['no list', () => '{"tools":{"name":"t"}}', 'tools/list: tools is no list of objects'],
    ['a list of words', () => list('["t"]'), 'tools/list: tools is no list of objects'],
    [
      'an error with escapes',
      ({ id }, response) => {
        sendJson(response, `{"jsonrpc":"2.0","id":${id},"error":{"code":-32000,"message":"\\u001b[2J"}}`);
        return undefined;
      },
      'the server answers with the error -32000: "MCP error -32000: \\u001b[2J"',
    ],
    [
      'another content type',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end('<p>hello</p>');
        return undefined;
      },
      'the server answers neither with JSON nor with events: is this an MCP endpoint?',
    ],
    [
      'a redirect, which would take the headers with it',
      (_, response) => {
        response.writeHead(307, { location: 'https://elsewhere.example/mcp?token=x' }).end();
        return undefined;
      },
      'the server redirects to https://elsewhere.example/mcp',
    ],
    [
      'a demand for credentials',
      (_, response) => {
        response.writeHead(401).end();
        return undefined;
      },
      'the server wants other credentials (HTTP 401)',
    ],
    [
      'a stream that ends early',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {"jsonrpc":"2.0"}\n\n');
        return undefined;
      },
      'the server ended the stream before it had answered',
    ],
    [
      'bytes that are no text',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).end(Buffer.from([0x64, 0xff]));
        return undefined;
      },
      'a message of the server is refused: it is not UTF-8',
    ],
    [
      'a connection that breaks',
      (_, response) => {
        response.destroy();
        return undefined;
      },
      'cannot reach http://127.0.0.1:',
    ],
  ])('refuses %s', async (_, answer, message) => {
    await expect(pullRaw({ 'tools/list': answer })).rejects.toThrow(message);
  });

  it('ends at the deadline, with its reason, while the server stays silent', async () => {
    const silent = await serveRaw({ 'tools/list': () => undefined });
    open.push(silent);
    const controller = new AbortController();
    const pulling = pull(silent.url, {}, controller.signal);
    setTimeout(() => {
      controller.abort(new Error('late'));
    }, 100);
    await expect(pulling).rejects.toThrow('late');
  });
});
