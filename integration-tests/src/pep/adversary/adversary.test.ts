// Everything that an adversary can put on the wire, message by message, against the whole of the proxy: each gets the
// answer that the table says, and what is refused never reaches the server.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../../pdp/test/testService.ts';
import { exchange } from '../../hostile/wire.ts';
import { DecisionFront } from '../decisionFront.ts';
import { RecordingServer } from '../recordingServer.ts';
import { Stack } from '../stack.ts';
import {
  annToken,
  bobToken,
  callOf,
  describeAnswer,
  rpc,
  writePost,
  type Attack,
  type Sessions,
} from './attack.ts';
import { deskOptions } from './desk.ts';
import { envelopeAttacks } from './envelopeAttacks.ts';
import { framingAttacks } from './framingAttacks.ts';
import { headerAttacks } from './headerAttacks.ts';
import { sessionAttacks } from './sessionAttacks.ts';
import { toolAttacks } from './toolAttacks.ts';

const server = new RecordingServer();
const front = new DecisionFront();
let stack: Stack;
let port: number;
let sessions: Sessions;

beforeAll(async () => {
  stack = await Stack.start({ ...deskOptions(await server.start()), front: (url) => front.open(url) });
  port = Number(new URL(stack.proxy.url).port);
  sessions = {
    own: await openSession(annToken, '2025-11-25'),
    batching: await openSession(annToken, '2025-03-26'),
    foreign: await openSession(bobToken, '2025-11-25'),
    ended: await openSession(annToken, '2025-11-25'),
  };
  await send('DELETE', sessions.ended, annToken);
});

afterAll(async () => {
  await stack.stop();
  await front.close();
  await server.stop();
});

async function openSession(token: string, protocolVersion: string): Promise<string> {
  const params = { protocolVersion, capabilities: {}, clientInfo: { name: 'c', version: '1' } };
  const response = await send('POST', undefined, token, rpc('initialize', params));
  return response.headers.get('mcp-session-id') ?? 'none';
}

function send(method: string, session: string | undefined, token: string, body?: string): Promise<Response> {
  return fetch(stack.url('desk'), {
    method,
    ...(body === undefined ? {} : { body }),
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(session === undefined ? {} : { 'mcp-session-id': session }),
    },
  });
}

const hasPassed = (answer: string): boolean => answer.includes('passed') || answer === '202';

const groups: readonly (readonly [string, readonly Attack[]])[] = [
  ['envelopes', envelopeAttacks],
  ['headers', headerAttacks],
  ['framing', framingAttacks],
  ['sessions and arrays', sessionAttacks],
  ['tools, resources and arguments', toolAttacks],
];

describe.each(groups)('%s', (_, attacks) => {
  it.each(attacks.map((attack) => [attack.name, attack.wanted.join(', '), attack] as const))(
    '%s: %s',
    async (_name, _wanted, { wanted, make }) => {
      const before = server.received.length;
      const answers = await exchange(port, make(sessions));
      expect(answers.map(describeAnswer)).toEqual(wanted);
      expect(server.received.length - before).toBe(wanted.filter(hasPassed).length);
    },
  );
});

describe('the table', () => {
  it('has enough in it, each under a name of its own', () => {
    const names = groups.flatMap(([group, attacks]) => attacks.map(({ name }) => `${group}: ${name}`));
    expect(names.length).toBeGreaterThan(200);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('what is hidden', () => {
  const hiddenAs: readonly (readonly [string, string, string])[] = [
    ['a tool', callOf('{"amount":1}', 'hidden'), callOf('{"amount":1}', 'missed')],
    ['a tool with arguments that do not fit', callOf('{"x":[1]}', 'hidden'), callOf('{"x":[1]}', 'missed')],
    ['a tool that nobody has reviewed', callOf('{}', 'unreviewed'), callOf('{}', 'unreceived')],
    ['a prompt', rpc('prompts/get', { name: 'secret' }), rpc('prompts/get', { name: 'nobody' })],
    [
      'a completion',
      rpc('completion/complete', { ref: { type: 'ref/prompt', name: 'secret' } }),
      rpc('completion/complete', { ref: { type: 'ref/prompt', name: 'nobody' } }),
    ],
  ];

  it.each(hiddenAs)('and what is not there are told apart by nothing: %s', async (_, hidden, unknown) => {
    // Of what is asked the first time something is remembered.
    await exchange(port, { chunks: [writePost({ body: unknown })] });
    const before = server.received.length;
    const asked = front.asked.length;
    const [one] = await exchange(port, { chunks: [writePost({ body: hidden })] });
    const [other] = await exchange(port, { chunks: [writePost({ body: unknown })] });
    expect(one).toEqual(other);
    expect([server.received.length, front.asked.length]).toEqual([before, asked]);
  });

  it('is a matter of who asks', async () => {
    const response = await send('POST', undefined, bobToken, callOf('{"amount":1}', 'hidden'));
    expect(await response.text()).toContain('done');
  });

  it('is not in lists', async () => {
    const response = await send('POST', undefined, annToken, rpc('tools/list', {}));
    expect(await response.text()).not.toContain('hidden');
  });
});

describe('what reaches the server', () => {
  it('has no credential of the client, and ours', async () => {
    const parts = {
      body: callOf('{"amount":1}'),
      lines: [
        'Cookie: a=b',
        'X-Server-Key: theirs',
        'Proxy-Authorization: x',
        'X-Forwarded-For: 1.2.3.4',
        'Forwarded: for=1.2.3.4',
      ],
    };
    await exchange(port, { chunks: [writePost(parts)] });
    const { headers = [] } = server.received.at(-1) ?? {};
    const names = headers.filter((_, at) => at % 2 === 0);
    expect(headers.join(' ')).toContain('x-server-key the-key-of-the-server');
    expect(headers.join(' ')).not.toMatch(/token-of-ann|theirs|1\.2\.3\.4/);
    expect(names.filter((name) => /cookie|auth|forward/.test(name))).toEqual([]);
  });

  it('is what was judged, byte by byte', async () => {
    const body = ` {"params" : {"arguments":{"amount":1,"note":"\\u00e9\u00e9"},"name":"refund"},\n"method":"tools/call","id":1,"jsonrpc":"2.0"} `;
    await exchange(port, { chunks: [writePost({ body })] });
    expect(server.received.at(-1)?.body.toString()).toBe(body);
  });
});

describe('an id that waits for its answer', () => {
  it('is no other request of its session', async () => {
    const held: (() => void)[] = [];
    server.answer = (_, response, body) => {
      const { id } = JSON.parse(body.toString()) as { id: number };
      held.push(() => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ jsonrpc: '2.0', id, result: { tools: [] } }));
      });
    };
    const list = send('POST', sessions.own, annToken, rpc('tools/list', {}, 77));
    await until(() => held.length === 1);
    const other = send('POST', sessions.own, annToken, rpc('ping', undefined, 77)).then((one) => one.text());
    expect(await Promise.race([other, delay(2_000, 'nothing', { ref: false })])).toContain('invalid_request');
    const same = send('POST', sessions.own, annToken, rpc('tools/list', {}, 77));
    const elsewhere = send('POST', sessions.batching, annToken, rpc('tools/list', {}, 77));
    await until(() => held.length === 3);
    server.answer = undefined;
    for (const answer of held) answer();
    expect(await Promise.all([list, same, elsewhere].map(async (one) => (await one).status))).toEqual([
      200, 200, 200,
    ]);
    const later = await send('POST', sessions.own, annToken, rpc('ping', undefined, 77));
    expect(later.status).toBe(200);
  });
});
