// The decision service fails in every way that it can, in a process of its own: what has no verdict does not reach the
// server, nothing lasts longer than its deadline, and all goes on when the service is back.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestArchive } from '../../../../pdp/test/testArchive.ts';
import { until } from '../../../../pdp/test/testService.ts';
import { ServiceProcess } from '../../service/serviceProcess.ts';
import { callOf, rpc } from '../adversary/attack.ts';
import { Caller, type Outcome } from '../caller.ts';
import { DecisionFront, type Distort } from '../decisionFront.ts';
import { RecordingServer } from '../recordingServer.ts';
import { defaultToken, Stack, type StartDecision } from '../stack.ts';

const deadlineMs = 1_200;
/** What a busy machine takes to get round to it. */
const slackMs = 900;

const server = new RecordingServer();
const front = new DecisionFront();
let service: ServiceProcess;
let startService: () => Promise<ServiceProcess>;
let stack: Stack;
let caller: Caller;
let seq = 0;

const catalog = {
  server: { id: 'desk', owner: 'o', risk: 'low', environment: 'test' },
  tools: [
    {
      name: 'refund',
      review: 'approved',
      effect: 'write',
      inputSchema: { type: 'object', properties: { amount: { type: 'integer' } }, required: ['amount'] },
    },
  ],
};

/** Reads the amount, so that another amount is another question. */
const policies = `
@id("all") permit (principal, action, resource);
@id("not-too-much") forbid (principal, action == Action::"desk/refund", resource)
when { context.input.amount > 1000000 };
`;

const decide: StartDecision = async (archive: TestArchive, proxy) => {
  startService = () => ServiceProcess.start(archive, { callers: [proxy], workers: 1 });
  service = await startService();
  return { address: service.address, close: () => service.kill() };
};

beforeAll(async () => {
  stack = await Stack.start({
    policies,
    catalogs: { desk: JSON.stringify(catalog) },
    upstreams: { desk: await server.start() },
    front: (url) => front.open(url),
    decide,
    limits: { decisionTimeoutMs: deadlineMs },
    staleMs: 7_000,
  });
  caller = new Caller(stack.url('desk'), defaultToken);
}, 60_000);

afterAll(async () => {
  caller.close();
  service.thaw();
  await stack.stop();
  await front.close();
  await server.stop();
});

const known = callOf('{"amount":1}');
const callNew = (): Promise<Outcome> => caller.call({ body: callOf(`{"amount":${(seq += 1) + 10}}`) });
const callKnown = (): Promise<Outcome> => caller.call({ body: known });
const passes = async (): Promise<boolean> => (await callNew()).answer === '200 passed';

async function timeUntilItPasses(): Promise<number> {
  const startMs = performance.now();
  await until(passes);
  return performance.now() - startMs;
}

beforeEach(async () => {
  front.distort = undefined;
  await until(passes);
  expect((await callKnown()).answer).toBe('200 passed');
});

const unavailable = '200 decision_unavailable -32603';

/** Nothing may have reached the server that was not answered as if it had. */
async function expectDenied(
  outcomes: readonly Promise<Outcome>[],
  received: number,
  msMax: number,
): Promise<void> {
  for (const { answer, ms } of await Promise.all(outcomes)) {
    expect(answer).toBe(unavailable);
    expect(ms).toBeLessThan(msMax);
  }
  expect(server.received.length).toBe(received);
}

const instead =
  (text: string, status = 200): Distort =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(text);
  };

const change =
  (edit: (text: string) => string): Distort =>
  (text, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(edit(text));
  };

const lies: readonly (readonly [string, Distort])[] = [
  ['no JSON', instead('yes')],
  ['half an answer', change((text) => text.slice(0, -2))],
  ['another bundle', change((text) => text.replace(/sha256:[0-9a-f]{64}/g, `sha256:${'0'.repeat(64)}`))],
  ['a denial that says yes', change((text) => text.replace('"verdict":"allow"', '"verdict":"deny"'))],
  ['a decision that is a text', change((text) => text.replace('"decision":true', '"decision":"true"'))],
  ['a code of nobody', change((text) => text.replace('"code":"allowed"', '"code":"fine"'))],
  ['a page', instead('<html>', 200)],
  ['a fault', instead('{"error":{}}', 500)],
  ['a way to elsewhere', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ['a reset', (_, response) => response.socket?.resetAndDestroy()],
];

describe('a decision service', () => {
  it.each(lies)('that answers with %s has not allowed anything', async (_, distort) => {
    const received = server.received.length;
    front.distort = distort;
    await expectDenied([callNew(), callNew()], received, slackMs);
  });

  it('that is slow is waited for until the deadline', async () => {
    const received = server.received.length;
    front.distort = (text, response) => {
      setTimeout(() => response.end(text), deadlineMs * 3).unref();
    };
    const startMs = performance.now();
    await expectDenied(Array.from({ length: 6 }, callNew), received, deadlineMs + slackMs);
    expect(performance.now() - startMs).toBeGreaterThan(deadlineMs - 20);
    // What is known already needs no question.
    expect((await callKnown()).answer).toBe('200 passed');
  });

  it('that stands still is left alone after some questions, and is found when it is back', async () => {
    const received = server.received.length;
    service.freeze();
    await expectDenied(Array.from({ length: 16 }, callNew), received, deadlineMs + slackMs);
    await expectDenied([callNew()], received, slackMs);
    expect((await callKnown()).answer).toBe('200 passed');
    service.thaw();
    expect(await timeUntilItPasses()).toBeLessThan(4_000);
  });

  it('that was killed answers nothing, and everything when it is back', async () => {
    const received = server.received.length;
    const calls = Array.from({ length: 4 }, callNew);
    await service.kill();
    for (const { answer, ms } of await Promise.all(calls)) {
      expect(['200 passed', unavailable]).toContain(answer);
      expect(ms).toBeLessThan(deadlineMs + slackMs);
    }
    const between = server.received.length;
    expect(between - received).toBeLessThanOrEqual(4);
    await expectDenied(Array.from({ length: 10 }, callNew), between, deadlineMs + slackMs);
    service = await startService();
    front.decisionUrl = service.address;
    expect(await timeUntilItPasses()).toBeLessThan(4_000);
  }, 60_000);

  it('that comes and goes lets through exactly what it has allowed', async () => {
    let turn = 0;
    front.distort = (text, response) => {
      turn += 1;
      if (turn % 3 === 0) response.socket?.resetAndDestroy();
      else response.writeHead(200, { 'content-type': 'application/json' }).end(text);
    };
    const received = server.received.length;
    const outcomes: Outcome[] = [];
    for (let round = 0; round < 20; round += 1) {
      outcomes.push(...(await Promise.all(Array.from({ length: 4 }, callNew))));
    }
    const passed = outcomes.filter(({ answer }) => answer === '200 passed').length;
    expect(
      outcomes.map(({ answer }) => answer).filter((one) => one !== '200 passed' && one !== unavailable),
    ).toEqual([]);
    expect(server.received.length - received).toBe(passed);
    expect(passed).toBeGreaterThan(20);
  });
});

describe('an authority that falls silent', () => {
  it('ends the use of what is remembered, then everything, until it is heard again', async () => {
    const { archive } = stack;
    const asked = (): number => front.asked.filter(({ path }) => path === '/access/v1/evaluation').length;
    await callKnown();
    const before = asked();
    await callKnown();
    expect(asked()).toBe(before);

    archive.stopStating();
    const silentMs = performance.now();
    await until(async () => {
      const count = asked();
      expect((await callKnown()).answer).toBe('200 passed');
      return asked() > count;
    });
    expect(performance.now() - silentMs).toBeGreaterThan(4_000);
    expect(performance.now() - silentMs).toBeLessThan(7_000);

    await until(async () => (await callKnown()).answer === '200 stale_authority -32001');
    expect(performance.now() - silentMs).toBeLessThan(12_000);
    const received = server.received.length;
    const notification = '{"jsonrpc":"2.0","method":"notifications/initialized"}';
    const answers = await Promise.all([
      callKnown(),
      caller.call({ body: rpc('tools/list', {}) }),
      caller.call({ body: rpc('initialize', { protocolVersion: '2025-11-25' }) }),
      caller.call({ body: notification }),
      caller.call({ method: 'GET' }),
    ]);
    const stale = '200 stale_authority -32001';
    expect(answers.map(({ answer }) => answer)).toEqual([
      stale,
      stale,
      stale,
      '503 stale_authority -32001',
      '503 stale_authority -32001',
    ]);
    expect(server.received.length).toBe(received);

    archive.keepStating();
    expect(await timeUntilItPasses()).toBeLessThan(4_000);
    await delay(100);
    const later = asked();
    await callKnown();
    await callKnown();
    expect(asked() - later).toBeLessThanOrEqual(1);
  }, 60_000);
});
