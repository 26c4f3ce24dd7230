// What an adversary does in between: while a verdict is awaited, while a server waits for an answer, on streams that nobody
// asks about again.
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../../pdp/test/testService.ts';
import { Caller, type Outcome } from '../caller.ts';
import { DecisionFront } from '../decisionFront.ts';
import { RecordingServer } from '../recordingServer.ts';
import { Stack } from '../stack.ts';
import { callOf, rpc } from './attack.ts';
import { deskOptions } from './desk.ts';

const grants = [
  { token: 'ann', person: 'ann' },
  { token: 'eve', person: 'eve' },
];

const server = new RecordingServer();
const front = new DecisionFront();
let stack: Stack;
let ann: Caller;
let eve: Caller;

const open = '@id("all") permit (principal, action, resource);\n';
const withoutEve = `${open}@id("not-eve") forbid (principal == Person::"eve", action == Action::"initialize", resource);\n`;

beforeAll(async () => {
  const options = deskOptions(await server.start());
  stack = await Stack.start({ ...options, policies: withoutEve, grants, front: (url) => front.open(url) });
  ann = new Caller(stack.url('desk'), 'ann');
  eve = new Caller(stack.url('desk'), 'eve');
});

afterEach(async () => {
  server.answer = undefined;
  front.distort = undefined;
  await stack.grant(grants);
});

afterAll(async () => {
  ann.close();
  eve.close();
  await stack.stop();
  await front.close();
  await server.stop();
});

const events = { 'content-type': 'text/event-stream' };
const initialize = rpc('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: {} });

describe('a grant that is taken back while its verdict is awaited', () => {
  it('lets nothing through', async () => {
    const waiting: (() => void)[] = [];
    front.distort = (text, response) => {
      waiting.push(() => response.end(text));
    };
    const received = server.received.length;
    const call = ann.call({ body: callOf('{"amount":7}') });
    await until(() => waiting.length > 0);
    await stack.grant([{ token: 'eve', person: 'eve' }]);
    front.distort = undefined;
    for (const answer of waiting) answer();
    expect((await call).answer).toBe('401 unauthenticated -32600');
    expect(server.received.length).toBe(received);
  });
});

describe('a grant that is taken back while its server works', () => {
  it('gets nothing of what comes', async () => {
    const working: ServerResponse[] = [];
    server.answer = (_, response) => working.push(response);
    const call = ann.call({ body: callOf('{"amount":8}') });
    await until(() => working.length > 0);
    await stack.grant([{ token: 'eve', person: 'eve' }]);
    working[0]?.writeHead(200, { 'content-type': 'application/json' });
    working[0]?.end('{"jsonrpc":"2.0","id":1,"result":{"content":[]}}');
    expect((await call).answer).toBe('401 unauthenticated -32600');
  });
});

describe('a stream that nobody asked for', () => {
  it('is opened by nobody who may not open a session', async () => {
    const received = server.received.length;
    expect((await eve.call({ body: initialize })).answer).toBe('200 forbidden -32001');
    expect((await eve.call({ method: 'GET' })).answer).toBe('403 forbidden -32001');
    expect(server.received.length).toBe(received);
  });

  it('ends when it may not be opened any more, and no other does', async () => {
    await stack.publish({ policies: open });
    server.answer = (_, response) => {
      response.writeHead(200, events).flushHeaders();
    };
    await until(async () =>
      (await eve.call({ body: initialize, signal: AbortSignal.timeout(50) })).answer.includes('broken'),
    );
    const [before, leaving] = [server.received.length, new AbortController()];
    const lost = eve.call({ method: 'GET' });
    let hasEnded = false;
    const kept = ann.call({ method: 'GET', signal: leaving.signal }).finally(() => (hasEnded = true));
    await until(() => server.received.length >= before + 2);
    await stack.publish({ policies: withoutEve });
    expect(await Promise.race([lost.then(() => 'ended'), delay(3_000, 'open', { ref: false })])).toBe(
      'ended',
    );
    expect(hasEnded).toBe(false);
    leaving.abort();
    await kept;
  });
});

describe('a session that its server has no more', () => {
  it('is over, and leaves its name to others', async () => {
    const opening = (id: string): void => {
      server.answer = (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': id });
        const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: {} };
        response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result }));
      };
    };
    const caller = new Caller(stack.url('desk'), 'bob');
    await stack.grant([...grants, { token: 'bob', person: 'bob' }]);
    opening('counter-1');
    const { headers } = await ann.call({ body: initialize });
    const own = { 'mcp-session-id': headers['mcp-session-id'] as string };
    server.answer = (_, response) => void response.writeHead(404).end();
    expect((await ann.call({ body: rpc('ping'), headers: own })).answer).toContain('404');
    const before = server.received.length;
    expect((await ann.call({ body: rpc('ping'), headers: own })).answer).toBe('404 unknown_session -32001');
    expect(server.received.length).toBe(before);
    opening('counter-1');
    expect((await caller.call({ body: initialize })).answer).toBe('200 passed');
    caller.close();
  });
});

describe('a stream that is taken up again', () => {
  it('goes on from an event of its own session, and of no other', async () => {
    const open = async (): Promise<Record<string, string>> => ({
      'mcp-session-id': (await ann.call({ body: initialize })).headers['mcp-session-id'] as string,
    });
    const [own, other] = [await open(), await open()];
    server.answer = (_, response) => {
      response.writeHead(200, events).end('id: event-7\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\n\n');
    };
    await ann.call({ body: callOf('{"amount":1}'), headers: own });
    const before = server.received.length;
    const goOn = async (headers: object, id = 'event-7'): Promise<string> =>
      (await ann.call({ method: 'GET', headers: { ...headers, 'last-event-id': id } })).answer;
    expect(await goOn(other)).toBe('404 unknown_session -32001');
    expect(await goOn(own, 'event-6')).toBe('404 unknown_session -32001');
    expect(await goOn(own, '')).toBe('404 unknown_session -32001');
    expect(await goOn({})).toBe('400 invalid_request -32600');
    expect(server.received.length).toBe(before);
    expect(await goOn(own)).toContain('200');
    expect(await goOn(own)).toContain('200');
    expect(server.received.slice(before).map(({ headers }) => headers.includes('event-7'))).toEqual([
      true,
      true,
    ]);
  });

  it('is so by GET alone', async () => {
    const before = server.received.length;
    await ann.call({ body: callOf('{"amount":1}'), headers: { 'last-event-id': 'event-7' } });
    expect(server.received[before]?.headers).not.toContain('event-7');
  });
});

describe('a notification', () => {
  const tell = (method: string, params: object): string =>
    JSON.stringify({ jsonrpc: '2.0', method: `notifications/${method}`, params });

  it('is told by nobody who may not open a session', async () => {
    await stack.publish({ policies: withoutEve });
    const received = server.received.length;
    await until(async () => (await eve.call({ body: initialize })).answer.includes('forbidden'));
    const before = server.received.length;
    for (const body of [tell('cancelled', { requestId: 1 }), tell('initialized', {})]) {
      expect((await eve.call({ body })).answer).toBe('403 forbidden -32001');
    }
    expect(server.received.length).toBe(before);
    expect(before).toBeGreaterThanOrEqual(received);
  });

  it('takes back nothing but what its own session has under way', async () => {
    const id = (await ann.call({ body: initialize })).headers['mcp-session-id'] as string;
    const other = (await ann.call({ body: initialize })).headers['mcp-session-id'] as string;
    const waiting: ServerResponse[] = [];
    server.answer = (_, response, body) => {
      if (body.includes('tools/call')) waiting.push(response);
      else response.writeHead(202).end();
    };
    const call = ann.call({ body: callOf('{"amount":1}'), headers: { 'mcp-session-id': id } });
    await until(() => waiting.length === 1);
    const before = server.received.length;
    const cancelled = tell('cancelled', { requestId: 1 });
    const progress = tell('progress', { progressToken: 1, progress: 1 });
    const inSession = { headers: { 'mcp-session-id': id } };
    const modern = { headers: { 'mcp-protocol-version': '2026-07-28' } };
    const dropped = await Promise.all([
      ann.call({ body: cancelled, headers: { 'mcp-session-id': other } }),
      ann.call({ body: cancelled }),
      ann.call({ body: cancelled, ...modern }),
      ann.call({ body: tell('cancelled', { requestId: '1' }), ...inSession }),
      ann.call({ body: progress, ...inSession }),
    ]);
    expect(dropped.map(({ answer }) => answer)).toEqual(Array.from({ length: 5 }, () => '202'));
    expect(server.received.length).toBe(before);
    expect((await ann.call({ body: cancelled, ...inSession })).answer).toBe('202');
    expect(server.received.length).toBe(before + 1);
    waiting[0]?.writeHead(200, events).end('data: {"jsonrpc":"2.0","id":1,"result":{}}\n\n');
    await call;
  });

  it('tells how far that is which the server has asked for', async () => {
    const id = (await ann.call({ body: initialize })).headers['mcp-session-id'] as string;
    server.answer = (_, response, body) => {
      if (!body.includes('tools/call')) response.writeHead(202).end();
      else {
        const question = rpc('sampling/createMessage', { _meta: { progressToken: 'far' } }, 'q');
        response.writeHead(200, events).write(`data: ${question}\n\n`);
      }
    };
    const leaving = new AbortController();
    const inSession = { 'mcp-session-id': id };
    const call = ann.call({
      body: callOf('{"amount":1}'),
      headers: inSession,
      signal: leaving.signal,
    });
    const progress = (progressToken: string): Promise<Outcome> =>
      ann.call({ body: tell('progress', { progressToken, progress: 1 }), headers: inSession });
    const arrived = (): number => server.received.filter(({ body }) => body.includes('"far"')).length;
    await until(async () => (await progress('far')).answer === '202' && arrived() > 0);
    expect((await progress('else')).answer).toBe('202');
    expect(server.received.some(({ body }) => body.includes('"else"'))).toBe(false);
    leaving.abort();
    await call;
  });
});

describe('an answer to what a server has asked', () => {
  it('is taken once, from the session that was asked', async () => {
    const id = (await ann.call({ body: initialize })).headers['mcp-session-id'] as string;
    const other = (await ann.call({ body: initialize })).headers['mcp-session-id'] as string;
    const streams: ServerResponse[] = [];
    server.answer = (_, response, body) => {
      if (body.includes('"result"')) response.writeHead(202).end();
      else {
        const question = rpc(
          'elicitation/create',
          { message: 'sure?', requestedSchema: { type: 'object' } },
          'q',
        );
        response.writeHead(200, events).write(`data: ${question}\n\n`);
        streams.push(response);
      }
    };
    const answer = (session: string): Promise<Outcome> =>
      ann.call({
        body: '{"jsonrpc":"2.0","id":"q","result":{"action":"accept"}}',
        headers: { 'mcp-session-id': session },
      });
    const call = ann.call({ body: callOf('{"amount":1}'), headers: { 'mcp-session-id': id } });
    await until(() => streams.length === 1);
    await until(() => front.asked.some(({ body }) => body.includes('elicitation/create')));
    // From its verdict to the client it takes no more than this.
    await delay(100);
    const before = server.received.length;
    const answers = await Promise.all([answer(id), answer(id), answer(other)]);
    expect(answers.map((one) => one.answer).sort()).toEqual([
      '202',
      '400 unexpected_response -32600',
      '400 unexpected_response -32600',
    ]);
    expect(server.received.length).toBe(before + 1);
    streams[0]?.end(`data: {"jsonrpc":"2.0","id":1,"result":{}}\n\n`);
    await call;
  });
});
