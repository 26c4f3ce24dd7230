// Under load: bundles that change, and grants that are taken back. Nobody is answered by what is over, and nobody loses a
// call because something changed.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { callOf, rpc } from '../adversary/attack.ts';
import { Caller, type Outcome } from '../caller.ts';
import { RecordingServer } from '../recordingServer.ts';
import { Stack } from '../stack.ts';

/** Revocations take no longer than this, and new bundles than that. */
const effectMsMax = 2_000;
const changeMsMax = 2_000;

const server = new RecordingServer();
let stack: Stack;
let ann: Caller;
let bob: Caller;

const tool = (name: string): object => ({
  name,
  review: 'approved',
  effect: 'write',
  inputSchema: { type: 'object', properties: { amount: { type: 'integer' } }, required: ['amount'] },
});

const catalog = {
  server: { id: 'desk', owner: 'o', risk: 'low', environment: 'test' },
  tools: [tool('refund'), tool('other')],
};

const policies = (limit: number): string => `
@id("all") permit (principal, action, resource);
@id("not-too-much") forbid (principal, action == Action::"desk/refund", resource)
when { context.input.amount > ${limit} };
`;

const grants = [
  { token: 'ann', person: 'ann' },
  { token: 'bob', person: 'bob' },
];

beforeAll(async () => {
  stack = await Stack.start({
    policies: policies(1_000),
    catalogs: { desk: JSON.stringify(catalog) },
    upstreams: { desk: await server.start() },
    grants,
  });
  ann = new Caller(stack.url('desk'), 'ann');
  bob = new Caller(stack.url('desk'), 'bob');
});

afterEach(() => stack.grant(grants));

afterAll(async () => {
  ann.close();
  bob.close();
  await stack.stop();
  await server.stop();
});

interface Heard {
  readonly answer: string;
  /** When it was asked, and when it was answered. */
  readonly askedMs: number;
  readonly answeredMs: number;
}

/** So many at once, over and over, until it is ended. */
function load(
  caller: Caller,
  bodies: readonly string[],
): { readonly heard: Heard[]; readonly end: () => Promise<void> } {
  const heard: Heard[] = [];
  let isOver = false;
  const lanes = bodies.map(async (body) => {
    while (!isOver) {
      const askedMs = performance.now();
      const { answer }: Outcome = await caller.call({ body });
      heard.push({ answer, askedMs, answeredMs: performance.now() });
    }
  });
  return {
    heard,
    end: async () => {
      isOver = true;
      await Promise.all(lanes);
    },
  };
}

interface Change {
  readonly beginMs: number;
  /** Until then the one before it may still be heard. */
  readonly endMs: number;
  readonly limit: number;
}

/** The limits that were current at some time between a question and its answer. */
function limitsAt(changes: readonly Change[], { askedMs, answeredMs }: Heard): number[] {
  return changes
    .filter(({ beginMs }, at) => beginMs <= answeredMs && askedMs <= (changes[at + 1]?.endMs ?? Infinity))
    .map(({ limit }) => limit);
}

const answerUnder = (limit: number): string => (limit < 500 ? forbidden : passed);

const call = (amount: number): string => callOf(`{"amount":${amount}}`);
const passed = '200 passed';
const forbidden = '200 forbidden -32001';

describe('bundles that change under load', () => {
  it('are what every call is answered by, and no call is lost to the change', async () => {
    const { heard, end } = load(ann, [call(500), call(500), call(600), call(600)]);
    const changes: Change[] = [{ beginMs: 0, endMs: 0, limit: 1_000 }];
    for (const limit of [100, 1_000]) {
      await delay(500);
      const beginMs = performance.now();
      await stack.publish({ policies: policies(limit) });
      changes.push({ beginMs, endMs: performance.now() + changeMsMax, limit });
      await delay(changeMsMax + 500);
    }
    await end();
    const wrong = heard.filter(
      (one) => !limitsAt(changes, one).some((limit) => one.answer === answerUnder(limit)),
    );
    expect(wrong).toEqual([]);
    expect(new Set(heard.map(({ answer }) => answer))).toEqual(new Set([passed, forbidden]));
    expect(heard.length).toBeGreaterThan(200);
    expect((await ann.call({ body: call(500) })).answer).toBe(passed);
  }, 30_000);
});

describe('a grant that is taken back under load', () => {
  it('lets nothing through any more, although all of it was remembered', async () => {
    const { heard, end } = load(ann, [call(1), call(1), call(2), callOf('{"amount":3}', 'other')]);
    const others = load(bob, [call(1)]);
    await delay(500);
    stack.leaveGrants([
      { token: 'another', person: 'ann' },
      { token: 'bob', person: 'bob' },
    ]);
    const takenMs = performance.now();
    await delay(effectMsMax);
    await end();
    await others.end();
    const late = heard.filter(({ answer, askedMs }) => answer === passed && askedMs > takenMs);
    const lastMs = Math.max(0, ...late.map(({ answeredMs }) => answeredMs - takenMs));
    expect(lastMs).toBeLessThan(effectMsMax);
    expect(heard.filter(({ answer }) => answer === passed).length).toBeGreaterThan(50);
    expect(new Set(heard.map(({ answer }) => answer))).toEqual(
      new Set([passed, '401 unauthenticated -32600']),
    );
    expect(new Set(others.heard.map(({ answer }) => answer))).toEqual(new Set([passed]));
  });

  it('ends what is under way: streams, and calls that have not been forwarded', async () => {
    server.answer = (request, response) => {
      if (request.method === 'GET')
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      else response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': so far\n\n');
    };
    const stream = bob.call({ method: 'GET' });
    const slow = bob.call({ body: call(1) });
    await delay(200);
    const startMs = performance.now();
    stack.leaveGrants([{ token: 'ann', person: 'ann' }]);
    await Promise.all([stream, slow]);
    expect(performance.now() - startMs).toBeLessThan(effectMsMax);
    server.answer = undefined;
    expect((await bob.call({ body: rpc('ping') })).answer).toBe('401 unauthenticated -32600');
  });
});
