// SIGTERM to a proxy that is busy, as an orchestrator sends it: what it has accepted it answers, what comes later it does not
// accept, streams end, and so does the process, by itself and in time.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { callOf, rpc, stateless } from '../pep/adversary/attack.ts';
import { Caller, type Outcome } from '../pep/caller.ts';
import { RecordingServer } from '../pep/recordingServer.ts';
import { waitFor, type CardeaProcess } from './cardeaProcess.ts';
import { Operator } from './operator.ts';

const connections = 16;
const drainTimeoutMs = 3_000;

/** Of a call that is slow, but not too slow. */
const slowMs = 1_500;

/** What a busy machine may add. */
const slackMs = 2_000;

const events = { 'content-type': 'text/event-stream' };
const read = callOf('{"ticket":"T-7"}', 'read_ticket');
const slowly = callOf('{"ticket":"slow"}', 'read_ticket');
const never = callOf('{"ticket":"never"}', 'read_ticket');

const server = new RecordingServer();
let operator: Operator;
let upstream: string;
let pep: CardeaProcess;
let url: string;
const callers: Caller[] = [];

const newCaller = (): Caller => {
  const caller = new Caller(`${url}/desk/mcp`, 'ann');
  callers.push(caller);
  return caller;
};

beforeAll(async () => {
  operator = await Operator.start();
  upstream = await server.start();
});

beforeEach(async () => {
  server.answer = answer;
  operator.write('pep.json', {
    listen: { port: 0 },
    usage: 'process',
    decision: { url: operator.decision, tokenFile: 'proxy.token' },
    servers: [{ id: 'desk', upstream }],
    limits: { drainTimeoutMs },
  });
  ({ pep, url } = await operator.startProxy());
});

afterAll(async () => {
  for (const caller of callers) caller.close();
  await operator.stop();
  await server.stop();
});

/** Calls take a moment, slow ones longer, and streams have no end of their own. */
function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const text = body.toString();
  if (request.method === 'GET' || text.includes('subscriptions/listen')) {
    response.writeHead(200, events).write(': so far\n\n');
  } else if (text === slowly) {
    response.writeHead(200, events).write(': so far\n\n');
    setTimeout(() => response.end(`data: ${result(1)}\n\n`), slowMs);
  } else if (text !== never) {
    const { id } = JSON.parse(text) as { id: number };
    setTimeout(() => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(result(id));
    }, 20);
  }
}

const result = (id: number): string => JSON.stringify({ jsonrpc: '2.0', id, result: { content: [] } });

interface Load {
  readonly outcomes: Outcome[];
  /** All of them, in the end. */
  readonly done: Promise<unknown>;
}

/** One call after another on each connection, until one is not answered. */
function keepCalling(): Load {
  const outcomes: Outcome[] = [];
  const lanes = Array.from({ length: connections }, async () => {
    const caller = newCaller();
    for (let isOpen = true; isOpen;) {
      const outcome = await caller.call({ body: read });
      outcomes.push(outcome);
      isOpen = outcome.answer === '200 passed';
    }
  });
  return { outcomes, done: Promise.all(lanes) };
}

async function received(count: number): Promise<void> {
  await waitFor(() => Promise.resolve(server.received.length >= count ? true : undefined));
}

describe('a proxy that is told to end while 16 connections call', () => {
  it('answers every call that has begun, refuses the others, ends streams, and is gone in time', async () => {
    const before = server.received.length;
    const streams = [
      newCaller().call({ method: 'GET' }),
      newCaller().call(stateless('subscriptions/listen', { notifications: { toolsListChanged: true } })),
    ];
    await received(before + streams.length);
    const streamsEnd = Promise.all(streams).then(() => performance.now());
    const { outcomes, done } = keepCalling();
    await received(before + streams.length + 10 * connections);
    const slow = newCaller().call({ body: slowly });
    await waitFor(() =>
      Promise.resolve(server.received.some(({ body }) => body.toString() === slowly) ? true : undefined),
    );
    const endMs = performance.now();
    const { code, err } = await pep.end();
    const tookMs = performance.now() - endMs;
    await done;

    expect(code).toBe(0);
    expect(err).toMatch(/"event":"closing"}\n.*"event":"closed"}\n$/);
    expect(tookMs).toBeLessThan(drainTimeoutMs);
    expect((await slow).text).toContain('"result"');
    for (const stream of await Promise.all(streams)) {
      expect([stream.answer, stream.text]).toEqual(['200 nonsense', ': so far\n\n']);
    }
    // They wait for no call.
    expect((await streamsEnd) - endMs).toBeLessThan(slowMs);
    const passed = outcomes.filter(({ answer }) => answer === '200 passed');
    const others = outcomes.filter(({ answer }) => answer !== '200 passed').map(({ answer }) => answer);
    expect(others).toEqual(Array(connections).fill('broken ECONNREFUSED'));
    // Neither was one lost, nor did one run that nobody heard of.
    expect(server.received.length - before).toBe(passed.length + streams.length + 1);
    expect(passed.length).toBeGreaterThanOrEqual(10 * connections);
    // Each connection was told that it ends, so nobody called into one that was being closed.
    const told = passed.filter(({ headers }) => headers.connection === 'close');
    expect(told.length).toBeGreaterThanOrEqual(connections);
  });

  it('cuts off what does not end, and is gone in time all the same', async () => {
    const before = server.received.length;
    const lost = newCaller().call({ body: never });
    await received(before + 1);
    const startMs = performance.now();
    const { code } = await pep.end();
    const tookMs = performance.now() - startMs;
    expect(code).toBe(0);
    expect(tookMs).toBeGreaterThan(drainTimeoutMs - 100);
    expect(tookMs).toBeLessThan(drainTimeoutMs + slackMs);
    expect((await lost).answer).toMatch(/^broken /);
  });

  it('needs no more than a moment where nothing is under way', async () => {
    const idle = newCaller();
    expect((await idle.call({ body: rpc('ping') })).answer).toBe('200 passed');
    const startMs = performance.now();
    expect((await pep.end()).code).toBe(0);
    expect(performance.now() - startMs).toBeLessThan(slackMs);
  });
});
