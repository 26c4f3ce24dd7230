// One caller asks for all that it can get: the others are answered all the same.
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WireCaller } from '@cardea/schemas/wire';
import type { ServiceLimits } from '../src/limits.ts';
import { tokenSha256, type Reply } from './client.ts';
import { callOf, mcpSources, person, pinGuardrail } from './mcpSources.ts';
import { TestArchive } from './testArchive.ts';
import { TestService, until } from './testService.ts';

const evaluation = '/access/v1/evaluation';
const evaluations = '/access/v1/evaluations';
const issue = callOf('github/create_issue', { title: 'x' });

/** Each with its name as its token. */
const callers = ['greedy', 'other', 'single', 'batches', 'discovers', 'searches', 'honest'].map(
  (name): WireCaller => ({ class: 'author', name, tokenSha256: tokenSha256(name) }),
);

let archive: TestArchive;
const services: TestService[] = [];

beforeAll(async () => {
  archive = await TestArchive.create('mcp', await pinGuardrail());
  await archive.publish(mcpSources);
  archive.keepStating();
});

afterAll(async () => {
  await Promise.all(services.map((service) => service.close()));
  await archive.remove();
});

async function serve(limits: Partial<ServiceLimits>): Promise<TestService> {
  const service = await TestService.start(archive, { workers: 1, callers, limits });
  services.push(service);
  return service;
}

const codeOf = ({ body }: Reply): unknown => (body['error'] as { code: string } | undefined)?.code;
const messageOf = ({ body }: Reply): unknown => (body['error'] as { message: string } | undefined)?.message;

describe('a caller with its share of the places', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await serve({ requestsMax: 8, streamsMax: 4 });
  });

  it('gets no more of them, and others do', async () => {
    const held = Array.from({ length: 8 }, () => holdPlace(service, 'greedy'));
    await until(async () => codeOf(await service.evaluate(issue, 'greedy')) === 'overloaded');
    const refused = await service.evaluate(issue, 'greedy');
    expect([refused.status, messageOf(refused)]).toEqual([503, '4 requests of this caller are under way']);
    for (let round = 0; round < 10; round += 1) {
      expect((await service.evaluate(issue, 'other')).status).toBe(200);
    }
    for (const socket of held) socket.destroy();
    await until(async () => (await service.evaluate(issue, 'greedy')).status === 200);
  });

  it('gets no more of the streams, and others do', async () => {
    const leave = new AbortController();
    const stream = async (token: string): Promise<number> => {
      const headers = { authorization: `Bearer ${token}` };
      const url = `${service.address}/v1/authority/stream`;
      return (await fetch(url, { headers, signal: leave.signal })).status;
    };
    expect(await Promise.all([stream('greedy'), stream('greedy')])).toEqual([200, 200]);
    expect(await stream('greedy')).toBe(503);
    expect(await Promise.all([stream('other'), stream('other')])).toEqual([200, 200]);
    leave.abort();
  });
});

describe('a caller that sends nothing but long requests', () => {
  it('keeps nobody else from theirs', async () => {
    const service = await serve({ longTasksMax: 1, longTasksQueuedMax: 4 });
    const batch = { ...issue, evaluations: Array(64).fill({}) };
    const outcomes = new Set<number>();
    let isOver = false;
    const flood = Array.from({ length: 12 }, async () => {
      while (!isOver) outcomes.add((await service.post(evaluations, batch, { token: 'greedy' })).status);
    });
    try {
      await until(() => outcomes.has(503));
      for (let round = 0; round < 20; round += 1) {
        expect((await service.post(evaluations, batch, { token: 'other' })).status).toBe(200);
      }
    } finally {
      isOver = true;
      await Promise.all(flood);
    }
    expect(outcomes).toEqual(new Set([200, 503]));
  });
});

describe('a caller that sends nothing but large bodies', () => {
  const keys = Array.from({ length: 30_000 }, (_, number) => `"key-${number}-${'x'.repeat(16)}":0`);
  const large = `{"subject":1,"unknown":{${keys.join(',')}}}`;

  it('keeps nobody waiting: others are answered between any two of them', async () => {
    const service = await serve({});
    let refused = 0;
    const flood = Array.from({ length: 24 }, async () => {
      const reply = await service.post(evaluation, large, { token: 'greedy' });
      expect([400, 429]).toContain(reply.status);
      refused += 1;
    });
    let answered = 0;
    for (; refused < flood.length; answered += 1) {
      expect((await service.evaluate(issue, 'other')).status).toBe(200);
    }
    await Promise.all(flood);
    expect(answered).toBeGreaterThan(flood.length);
  });

  it('is refused what its share of the memory cannot hold, and others are not', async () => {
    const bytes = large.length;
    const service = await serve({ bodyBytesMax: bytes, heldBytesMax: 4 * bytes });
    const held: Socket[] = [];
    await until(async () => {
      held.push(holdPlace(service, 'greedy', large.slice(0, -1), bytes));
      return codeOf(await service.post(evaluation, large, { token: 'greedy' })) === 'overloaded';
    });
    expect((await service.evaluate(issue, 'greedy')).status).toBe(200);
    expect(codeOf(await service.post(evaluation, large, { token: 'other' }))).toBe('invalid_request');
    for (const socket of held) socket.destroy();
    await until(
      async () => codeOf(await service.post(evaluation, large, { token: 'greedy' })) === 'invalid_request',
    );
  });

  it('is charged for their bytes, JSON or not, and for their values', async () => {
    const service = await serve({ callerRequestsPerSecondMax: 50 });
    const debtAfter = async (token: string, body: string): Promise<number> => {
      await service.post(evaluation, body, { token });
      return Number((await service.evaluate(issue, token)).headers.get('retry-after'));
    };
    expect(await debtAfter('batches', ' '.repeat(200 * 1024))).toBeGreaterThan(1);
    expect(await debtAfter('discovers', JSON.stringify(Array(4_000).fill(0)))).toBeGreaterThan(5);
    expect(await debtAfter('searches', JSON.stringify(issue))).toBe(0);
  });
});

describe('a caller whose elements share much', () => {
  it('is charged for it with each of them', async () => {
    const service = await serve({ callerRequestsPerSecondMax: 1_000 });
    const labels = Array.from({ length: 1_056 }, (_, number) => `label-${number}`);
    const shared = callOf('github/create_issue', { title: 'x', labels });
    await service.post(evaluations, { ...shared, evaluations: Array(200).fill({}) }, { token: 'greedy' });
    const refused = await service.evaluate(issue, 'greedy');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(10);
  });
});

describe('a caller past its rate', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await serve({ callerRequestsPerSecondMax: 1, attemptsPerSecondMax: 2 });
  });

  it('is told when to come again, and is answered then; others are answered meanwhile', async () => {
    const refused = await refusalOf('single');
    expect([refused.status, codeOf(refused)]).toEqual([429, 'rate_limited']);
    expect(messageOf(refused)).toBe('one sender may ask for 1 a second');
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await service.evaluate(issue, 'other')).status).toBe(200);
    await until(async () => (await service.evaluate(issue, 'single')).status === 200);
  });

  it.each<[string, string, number, object]>([
    ['batches', evaluations, 20, { ...issue, evaluations: Array(20).fill({}) }],
    [
      'discovers',
      '/v1/discover',
      20,
      { subject: person('a'), resources: Array(20).fill({ type: 'Tool', id: 'github/search_code' }) },
    ],
    [
      'searches',
      '/access/v1/search/resource',
      5,
      { subject: person('a'), action: { name: 'tools/call' }, resource: { type: 'Tool' } },
    ],
  ])('who %s is charged for what a request holds', async (token, path, items, body) => {
    expect((await service.post(path, body, { token })).status).toBe(200);
    const refused = await service.post(evaluation, issue, { token });
    expect(codeOf(refused)).toBe('rate_limited');
    const retryAfter = Number(refused.headers.get('retry-after'));
    expect(retryAfter).toBeLessThanOrEqual(items);
    expect(retryAfter).toBeGreaterThan(items / 2);
  });

  it('without a credential is refused as such first, and then for its rate; a right credential always counts', async () => {
    const attempts: Reply[] = [];
    for (let attempt = 0; attempt < 20; attempt += 1) attempts.push(await service.evaluate(issue, 'guessed'));
    expect(codeOf(attempts[0] as Reply)).toBe('unauthenticated');
    const refused = attempts.find((reply) => codeOf(reply) === 'rate_limited');
    expect([refused?.status, refused?.headers.get('retry-after')]).toEqual([429, '1']);
    expect((await service.evaluate(issue, 'honest')).status).toBe(200);
  });

  /** Asks until it is refused. */
  async function refusalOf(token: string): Promise<Reply> {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const reply = await service.evaluate(issue, token);
      if (reply.status !== 200) return reply;
    }
    throw new Error('nothing was refused');
  }
});

/** A request whose body never comes whole. */
function holdPlace({ address }: TestService, token: string, begun = '', bytes = 100): Socket {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(
    `POST ${evaluation} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n` +
      `content-type: application/json\r\ncontent-length: ${bytes}\r\n\r\n${begun}`,
  );
  return socket;
}
