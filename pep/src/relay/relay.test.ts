// What is harmless comes out as it went in.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asking, makeSession } from './scene/makeContext.ts';
import { until } from './scene/relayScene.ts';
import type { Session } from '../sessions/session.ts';
import { defaultRelayLimits } from './relayLimits.ts';
import { answering, beginning, events, json } from './scene/scripts.ts';
import { useScene } from './scene/useScene.ts';

const scene = useScene();

const spellings = [
  '{ "jsonrpc":\t"2.0" , "id": 1,"result":{ } }',
  '\n{"result":{"z":1,"a":2,"10":3,"9":[]},"id":1,"jsonrpc":"2.0"}\n',
  '{"jsonrpc":"2.0","id":1,"result":{"n":[1.0,1.50,1E2,-0,1e400,0.10000000000000000001,18446744073709551616]}}',
  '{"jsonrpc":"2.0","id":1,"result":{"t":"\\u0061\\/\\ud834\\udd1e \u2028 \u0085 ä 𝄞"}}',
  '{"future":true,"jsonrpc":"2.0","id":1,"result":{"__proto__":{"a":1},"constructor":[],"":null}}',
  '{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"no","data":{"n":1e999}}}',
  '{"jsonrpc":"2.0","id":1,"result":{"content":[],"isError":true,"_meta":{"x/y":0.10}}}',
];

describe('a document', () => {
  it.each(spellings)('passes as it is: %s', async (text) => {
    scene.script = answering(200, json, text);
    const seen = await scene.ask();
    expect(seen).toMatchObject({ status: 200, text, end: 'complete', outcome: { end: 'complete' } });
    expect(seen.headers['content-length']).toBe(String(Buffer.byteLength(text)));
    expect(scene.events).toEqual([]);
  });

  it.each([
    ['Application/JSON', 200],
    ['application/json; charset=utf-8', 200],
    ['application/json', 201],
  ])('passes as %s with status %d', async (type, status) => {
    scene.script = answering(status, { 'content-type': type }, spellings[0]);
    expect(await scene.ask()).toMatchObject({
      status,
      headers: { 'content-type': type },
      text: spellings[0],
    });
  });

  it('passes in whatever parts it comes', async () => {
    const text = Buffer.from(spellings[3] as string);
    scene.script = (_request, response) => {
      response.writeHead(200, json);
      for (const byte of text) response.write(Buffer.of(byte));
      response.end();
    };
    expect((await scene.ask()).text).toBe(text.toString());
  });

  it('says what became of the request', async () => {
    scene.script = answering(200, json, spellings[6]);
    const { outcome } = await scene.ask();
    expect([...outcome.answers]).toEqual([['n1', { kind: 'tool_error' }]]);
    scene.script = answering(200, json, spellings[5]);
    expect([...(await scene.ask()).outcome.answers]).toEqual([['n1', { kind: 'error', rpc: -32_000 }]]);
  });
});

const frames = [
  'id: stream/1\nretry: 250\ndata: \n\n',
  ': a comment\n\n',
  'event: message\nid:2\ndata:{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1.0}}\n\n',
  'data: {"jsonrpc":"2.0",\ndata: "method":"notifications/message",\ndata:  "params":{"level":"info","data":"lines"}}\n\n',
  'id: 4\r\ndata: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":0.5}}\r\n\r\n',
  'data: {"jsonrpc":"2.0","method":"notifications/unknown/later"}\r\r',
  ':\n\n\n',
];

describe('a stream', () => {
  it.each([
    ['LF', '\n'],
    ['CR', '\r'],
    ['CRLF', '\r\n'],
  ])('passes with its framing, its answer ending with %s', async (_name, end) => {
    const text = `${frames.join('')}id: 5${end}data: ${spellings[0]}${end}${end}`;
    scene.script = answering(200, { ...events, 'cache-control': 'no-cache, no-transform' }, text);
    const seen = await scene.ask();
    expect(seen).toMatchObject({ status: 200, text, end: 'complete', outcome: { end: 'complete' } });
    expect(seen.headers).toMatchObject({ ...events, 'cache-control': 'private, no-store, no-transform' });
    expect(scene.events).toEqual([]);
  });

  it('that a session listens to passes', async () => {
    scene.script = answering(200, events, frames.join(''));
    const seen = await scene.ask({ httpMethod: 'GET', asked: new Map(), session: makeSession() });
    expect(seen).toMatchObject({ status: 200, text: frames.join(''), end: 'complete' });
  });

  it('passes its last event though its end is missing', async () => {
    scene.script = answering(200, events, `data: ${spellings[0]}\n`);
    expect((await scene.ask()).text).toBe(`data: ${spellings[0]}\n`);
  });

  it('has its head before its first event, and each event before the next', async () => {
    const steps: (() => void)[] = [];
    scene.script = (_request, response) => {
      response.writeHead(200, events).flushHeaders();
      steps.push(
        () => void response.write(frames[2]),
        () => void response.write('data: '),
        () => void response.end(`${spellings[0]}\n\n`),
      );
    };
    const watching = scene.watch();
    expect((await watching.head).statusCode).toBe(200);
    steps[0]?.();
    expect(await until(() => watching.text() === frames[2])).toBe(true);
    steps[1]?.();
    steps[2]?.();
    expect((await watching.seen).text).toBe(`${frames[2]}data: ${spellings[0]}\n\n`);
  });

  it.each([false, true])('has its head although its first event is not whole, late: %p', async (isLate) => {
    scene.isLate = isLate;
    scene.script = (_request, response) => {
      response.writeHead(200, events).write('data: {"json');
    };
    const watching = scene.watch();
    expect((await watching.head).statusCode).toBe(200);
    watching.leave();
  });
});

describe('a reply without a body', () => {
  it.each([202, 204, 200])('of %d passes where nothing was asked', async (status) => {
    scene.script = answering(status, {});
    const seen = await scene.ask({ asked: new Map() });
    expect(seen).toMatchObject({ status, text: '', end: 'complete', outcome: { end: 'complete' } });
  });

  it('passes where a session may answer later', async () => {
    scene.script = answering(202, {});
    expect(await scene.ask({ session: makeSession() })).toMatchObject({ status: 202, text: '' });
  });

  it.each([
    ['text/plain', 'OK'],
    ['text/html', '<p>OK</p>'],
    ['application/json', '{"ok":true}'],
  ])('is what is left of %s where nothing was asked', async (type, body) => {
    scene.script = answering(200, { 'content-type': type }, body);
    const seen = await scene.ask({ asked: new Map(), httpMethod: 'DELETE' });
    expect(seen).toMatchObject({ status: 200, text: '' });
    expect(seen.headers['content-type']).toBeUndefined();
  });
});

describe('the session of a reply', () => {
  const initialize = asking(['initialize', 1]);
  const result = '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","capabilities":{}}}';

  const opens = (): Session => makeSession({ upstreamId: 's-9', id: 'sealed-s-9' });

  it("is told with the answer that opens it, by the name that is the client's", async () => {
    scene.options = { ...scene.options, openSession: opens };
    scene.script = answering(200, { ...json, 'mcp-session-id': 's-9' }, result);
    const seen = await scene.ask({ asked: initialize });
    expect(seen.headers['mcp-session-id']).toBe('sealed-s-9');
    expect(seen.text).toBe(result);
  });

  it('waits in a stream for the answer that opens it, and everything before that with it', async () => {
    scene.options = { ...scene.options, openSession: opens };
    const early = 'id: 1\ndata:\n\n';
    const answer = `data: ${result}\n\n`;
    const headers = { ...events, 'mcp-session-id': 's-9' };
    scene.script = beginning(headers, early, (response) => response.end(answer));
    const watching = scene.watch({ asked: initialize });
    expect((await watching.head).headers['mcp-session-id']).toBe('sealed-s-9');
    expect((await watching.seen).text).toBe(early + answer);
  });

  it('is not told in a stream that ends without that answer', async () => {
    scene.script = answering(200, { ...events, 'mcp-session-id': 's-9' }, 'data:\n\n');
    const seen = await scene.ask({ asked: initialize });
    expect(seen.headers['mcp-session-id']).toBeUndefined();
    expect(seen.text).toMatch(/^data:\n\nevent: message\ndata: .*upstream_invalid/);
  });

  it('is not waited for by more than one event may hold', async () => {
    scene.options = { ...scene.options, limits: { ...defaultRelayLimits, eventBytesMax: 100 } };
    const early = `: ${'x'.repeat(60)}\n\n`;
    scene.script = beginning({ ...events, 'mcp-session-id': 's-9' }, early + early + early);
    const seen = await scene.ask({ asked: initialize });
    expect(seen.headers['mcp-session-id']).toBeUndefined();
    expect(seen.text).toContain('upstream_invalid');
  });

  it('is told again where it is the same', async () => {
    scene.script = answering(200, { ...json, 'mcp-session-id': 's-1' }, spellings[0]);
    const seen = await scene.ask({ session: makeSession() });
    expect(seen.headers['mcp-session-id']).toBe('sealed-s-1');
  });

  it.each([
    ['another session', { session: makeSession() }],
    ['no session yet', {}],
    ['no sessions in its era', { era: 'stateless' }],
  ] as const)('is kept from a client that has %s', async (_name, context) => {
    scene.script = answering(200, { ...json, 'mcp-session-id': 's-2' }, spellings[0]);
    const seen = await scene.ask(context);
    expect(seen.headers['mcp-session-id']).toBeUndefined();
    expect(scene.events).toEqual([{ kind: 'withheld', reason: 'foreign_session' }]);
  });
});

describe('any harmless result', () => {
  const values = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value));
  const cuts = fc.array(fc.nat(), { maxLength: 4 });

  it('comes out byte for byte, as a document and as an event, however it is cut', async () => {
    const property = fc.asyncProperty(values, cuts, fc.boolean(), async (value, places, isEvent) => {
      const text = `{"jsonrpc":"2.0","id":1,"result":{"content":[],"structuredContent":${value}}}`;
      const bytes = Buffer.from(isEvent ? `id: 1\ndata: ${text}\n\n` : text);
      scene.script = (_request, response) => {
        response.writeHead(200, isEvent ? events : json);
        const ends = [0, ...places.map((place) => place % bytes.length), bytes.length].sort((a, b) => a - b);
        for (const [at, end] of ends.entries()) response.write(bytes.subarray(ends[at - 1] ?? 0, end));
        response.end();
      };
      expect((await scene.ask()).text).toBe(bytes.toString());
    });
    await fc.assert(property, { numRuns: 150 });
  });
});
