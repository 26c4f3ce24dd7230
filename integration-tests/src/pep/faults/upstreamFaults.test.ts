// Servers that are slow, gone, cut off or talking nonsense, clients that leave, and too much of everything: each call ends
// in time, with a reason, and none that was accepted is lost.
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../../pdp/test/testService.ts';
import { callOf, rpc } from '../adversary/attack.ts';
import { Caller, type Outcome } from '../caller.ts';
import { RecordingServer } from '../recordingServer.ts';
import { permitAll, Stack } from '../stack.ts';

const answerMs = 1_200;
const requestsMax = 8;
/** What a busy machine takes to get round to it, and how exact the clock of long waits is. */
const slackMs = 900;
const clockMs = 1_100;

const server = new RecordingServer();
let stack: Stack;
let ann: Caller;
let bob: Caller;

const serverFacts = { id: 'desk', owner: 'o', risk: 'low', environment: 'test' };
const tool = { name: 'refund', review: 'approved', effect: 'write', inputSchema: { type: 'object' } };

beforeAll(async () => {
  const upstream = await server.start();
  const catalog = (id: string): string => JSON.stringify({ server: { ...serverFacts, id }, tools: [tool] });
  stack = await Stack.start({
    policies: permitAll,
    catalogs: { desk: catalog('desk'), spare: catalog('spare'), gone: catalog('gone') },
    upstreams: { desk: upstream, spare: upstream, gone: 'http://127.0.0.1:1/mcp' },
    grants: [
      { token: 'ann', person: 'ann' },
      { token: 'bob', person: 'bob' },
    ],
    timeouts: { connectMs: 500, answerMs },
    limits: { requestsMax },
  });
  ann = new Caller(stack.url('desk'), 'ann');
  bob = new Caller(stack.url('desk'), 'bob');
});

afterAll(async () => {
  ann.close();
  bob.close();
  await stack.stop();
  await server.stop();
});

beforeEach(async () => {
  server.answer = undefined;
  expect((await ann.call({ body: good })).answer).toBe('200 passed');
});

const good = callOf('{}');
const json = { 'content-type': 'application/json' };
const events = { 'content-type': 'text/event-stream' };

/** Holds every call until it is let go. */
function hold(): { readonly calls: ServerResponse[]; readonly release: () => void } {
  const calls: ServerResponse[] = [];
  server.answer = (_, response) => calls.push(response);
  return {
    calls,
    release: () => {
      server.answer = undefined;
      for (const response of calls) response.writeHead(200, json).end('{"jsonrpc":"2.0","id":1,"result":{}}');
    },
  };
}

type Answer = NonNullable<RecordingServer['answer']>;

const faults: readonly (readonly [string, Answer, string])[] = [
  ['resets', (request) => request.socket.resetAndDestroy(), '502 upstream_unavailable -32603'],
  ['hangs up', (request) => request.socket.destroy(), '502 upstream_unavailable -32603'],
  ['speaks no HTTP', (request) => request.socket.end('hello\r\n\r\n'), '502 upstream_unavailable -32603'],
  [
    'resets in the midst of its answer',
    (_, response) => {
      response.writeHead(200, { ...json, 'content-length': 100 }).write('{"jsonrpc":');
      setTimeout(() => response.socket?.resetAndDestroy(), 20);
    },
    '502 upstream_error -32603',
  ],
  [
    'answers nonsense',
    (_, response) => response.writeHead(200, json).end('{"jsonrpc"'),
    '502 upstream_invalid -32603',
  ],
  ['answers nothing', (_, response) => response.writeHead(200, json).end(), '502 upstream_invalid -32603'],
  [
    'answers with a page',
    (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    '502 upstream_invalid -32603',
  ],
  [
    'answers something else',
    (_, response) => response.writeHead(200, json).end('{"jsonrpc":"2.0","id":9,"result":{}}'),
    '502 upstream_invalid -32603',
  ],
  [
    'answers twice',
    (_, response) => response.writeHead(200, json).end('{"jsonrpc":"2.0","id":1,"result":{},"id":1}'),
    '502 upstream_invalid -32603',
  ],
  [
    'sends elsewhere',
    (_, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
    '502 upstream_invalid -32603',
  ],
  [
    'does not know our credential',
    (_, response) => response.writeHead(401, json).end('{}'),
    '502 upstream_credential -32603',
  ],
  ['fails', (_, response) => response.writeHead(500).end(), '502 upstream_error -32603'],
  [
    'answers without an end',
    (_, response) => {
      response.writeHead(200, json);
      const more = (): void => {
        while (response.write(' '.repeat(65_536)));
        response.once('drain', more);
      };
      more();
    },
    '502 upstream_invalid -32603',
  ],
];

describe('a server', () => {
  it.each(faults)('that %s has not answered', async (_, answer, wanted) => {
    const received = server.received.length;
    server.answer = answer;
    const outcome = await ann.call({ body: good });
    expect(outcome.answer).toBe(wanted);
    expect(outcome.ms).toBeLessThan(answerMs);
    // A call may have run although its answer was lost.
    expect(server.received.length).toBe(received + 1);
  });

  it('that is not there is found out at once', async () => {
    const gone = new Caller(stack.url('gone'), 'ann');
    const { answer, ms } = await gone.call({ body: good });
    gone.close();
    expect(answer).toBe('502 upstream_unavailable -32603');
    expect(ms).toBeLessThan(slackMs);
  });

  it('that says nothing is waited for until the deadline', async () => {
    hold();
    const { answer, ms } = await ann.call({ body: good });
    expect(answer).toBe('504 upstream_timeout -32603');
    expect(ms).toBeGreaterThan(answerMs - 100);
    expect(ms).toBeLessThan(answerMs + clockMs + slackMs);
  });

  it('that breaks off a stream breaks it off for the client, with a reason', async () => {
    server.answer = (_, response) => {
      response.writeHead(200, events).write(': so far\n\n');
      setTimeout(() => response.socket?.resetAndDestroy(), 20);
    };
    const { answer, text } = await ann.call({ body: good });
    expect(`${answer} ${text}`).toMatch(/upstream_error|broken/);
    expect(text).not.toContain('"result"');
  });
});

describe('a client that leaves', () => {
  it.each<[string, Answer]>([
    ['before the answer', () => undefined],
    ['in the midst of a stream', (_, response) => response.writeHead(200, events).write(': so far\n\n')],
    ['in the midst of a document', (_, response) => response.writeHead(200, json).write('{')],
  ])('takes its call back: %s', async (_, begin) => {
    let endedMs = 0;
    server.answer = (request, response, body) => {
      response.on('close', () => (endedMs = performance.now()));
      begin(request, response, body);
    };
    const leaving = new AbortController();
    const received = server.received.length;
    const call = ann.call({ body: good, signal: leaving.signal });
    await until(() => server.received.length > received);
    await delay(50);
    const leftMs = performance.now();
    leaving.abort();
    await call;
    await until(() => endedMs > 0);
    expect(endedMs - leftMs).toBeLessThan(slackMs);
  });
});

describe('too much at once', () => {
  /** What a server alone may have of it. */
  const ofServerMax = (requestsMax * 3) / 4;

  it('of one grant is refused at once, and leaves room for others', async () => {
    const { calls, release } = hold();
    const accepted = Array.from({ length: requestsMax / 2 }, () => ann.call({ body: good }));
    await until(() => calls.length === requestsMax / 2);
    const { answer, ms, headers } = await ann.call({ body: good });
    expect([answer, headers['retry-after']]).toEqual(['503 overloaded -32603', '1']);
    expect(ms).toBeLessThan(slackMs);
    const others = Array.from({ length: ofServerMax - requestsMax / 2 }, () => bob.call({ body: good }));
    await until(() => calls.length === ofServerMax);
    release();
    for (const call of [...accepted, ...others]) expect((await call).answer).toBe('200 passed');
  });

  it('of one server is refused at once, and leaves room for others', async () => {
    const { calls, release } = hold();
    const callers = [ann, ann, ann, bob, bob, bob];
    const accepted = callers.map((caller) => caller.call({ body: good }));
    await until(() => calls.length === ofServerMax);
    expect((await bob.call({ body: good })).answer).toBe('503 overloaded -32603');
    server.answer = undefined;
    for (const token of ['ann', 'bob']) {
      const spare = new Caller(stack.url('spare'), token);
      expect((await spare.call({ body: good })).answer).toBe('200 passed');
      spare.close();
    }
    release();
    for (const call of accepted) expect((await call).answer).toBe('200 passed');
  });

  it('of all is refused at once, whoever asks, and however much there is to read', async () => {
    const { calls, release } = hold();
    const spare = new Caller(stack.url('spare'), 'bob');
    const callers = [ann, ann, ann, ann, bob, bob, spare, spare];
    const accepted = callers.map((caller) => caller.call({ body: good }));
    await until(() => calls.length === requestsMax);
    const large = rpc('tools/call', { name: 'refund', _meta: { x: 'x'.repeat(900_000) } });
    const refused = await Promise.all([
      bob.call({ body: good }),
      bob.call({ body: large }),
      bob.call({ method: 'GET' }),
    ]);
    expect(refused.map(({ answer }) => answer)).toEqual(Array(3).fill('503 overloaded -32603'));
    expect(refused.every(({ headers }) => headers['retry-after'] === '1')).toBe(true);
    expect(Math.max(...refused.map(({ ms }) => ms))).toBeLessThan(slackMs);
    release();
    for (const call of accepted) expect((await call).answer).toBe('200 passed');
    spare.close();
  });

  it('is not what streams are on which clients listen', async () => {
    let open = 0;
    server.answer = (_, response) => {
      open += 1;
      response.writeHead(200, events).flushHeaders();
    };
    const leaving = new AbortController();
    const streams = [];
    for (let at = 1; at <= 2 * requestsMax; at += 1) {
      streams.push(ann.call({ method: 'GET', signal: leaving.signal }));
      await until(() => open === at);
    }
    server.answer = undefined;
    expect((await ann.call({ body: good })).answer).toBe('200 passed');
    leaving.abort();
    await Promise.all(streams);
  });
});

describe('a proxy that ends', () => {
  it('answers all that it has accepted, and loses nothing', async () => {
    server.answer = (_, response, body) => {
      const { id } = JSON.parse(body.toString()) as { id: number };
      setTimeout(() => {
        response.writeHead(200, json).end(JSON.stringify({ jsonrpc: '2.0', id, result: {} }));
      }, 30);
    };
    const before = server.received.length;
    const outcomes: Outcome[] = [];
    let isOver = false;
    const lanes = [ann, ann, bob, bob].map(async (caller) => {
      while (!isOver) {
        const outcome = await caller.call({ body: good });
        outcomes.push(outcome);
        if (outcome.answer !== '200 passed') return;
      }
    });
    await delay(200);
    const endMs = performance.now();
    await stack.proxy.close();
    expect(performance.now() - endMs).toBeLessThan(5_000);
    isOver = true;
    await Promise.all(lanes);
    const passed = outcomes.filter(({ answer }) => answer === '200 passed').length;
    const others = outcomes.filter(({ answer }) => answer !== '200 passed').map(({ answer }) => answer);
    expect(new Set(others)).toEqual(new Set(['broken ECONNREFUSED']));
    expect(server.received.length - before).toBe(passed);
    expect(passed).toBeGreaterThan(8);
  });
});
