// The decision service as an enemy: slow, hung, broken off, too long, or talking about something else. Nothing of it is
// a verdict, and none of it lasts longer than its deadline.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AddressRanges } from '@cardea/dial';
import { Secret } from '../config/secret.ts';
import { DecisionClient } from './decisionClient.ts';

const timeoutMs = 600;

let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let client: DecisionClient;
let requests: { url: string; headers: IncomingMessage['headers']; body: string }[];
let sockets: Socket[];

beforeEach(async () => {
  requests = [];
  sockets = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      requests.push({ url: request.url ?? '', headers: request.headers, body });
      answer(request, response);
    });
  });
  server.on('connection', (socket: Socket) => sockets.push(socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  client = connect(timeoutMs);
});

function connect(waitMs: number): DecisionClient {
  const origin = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const dial = { allow: new AddressRanges() };
  const endpoint = { origin, token: (): Secret => new Secret('the-token') };
  return new DecisionClient({ endpoint, dial, timeoutMs: waitMs, now: () => performance.now() });
}

afterEach(async () => {
  client.close();
  server.closeAllConnections();
  if (server.listening) await new Promise((resolve) => server.close(resolve));
});

const json = (response: ServerResponse, status: number, body: string, headers = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
};

const ask = (): Promise<unknown> => client.ask('/access/v1/evaluation', '{"a":1}');

async function timed(task: () => Promise<unknown>): Promise<{ outcome: unknown; ms: number }> {
  const startMs = performance.now();
  const outcome = await task().catch((fault: unknown) => (fault as { code: unknown }).code);
  return { outcome, ms: performance.now() - startMs };
}

describe('DecisionClient', () => {
  it('asks with its token, over connections that it keeps', async () => {
    answer = (_, response) => {
      json(response, 200, '{"b":2}');
    };
    for (let time = 0; time < 20; time += 1) expect({ ...((await ask()) as object) }).toEqual({ b: 2 });
    // The next question may come before the last one's connection is free.
    expect(sockets.length).toBeLessThanOrEqual(2);
    expect(requests[0]).toMatchObject({
      url: '/access/v1/evaluation',
      headers: {
        authorization: 'Bearer the-token',
        'content-type': 'application/json',
        'content-length': '7',
      },
      body: '{"a":1}',
    });
  });

  it.each<[string, typeof answer]>([
    [
      'another status',
      (_, response) => {
        json(response, 500, '{}');
      },
    ],
    [
      'a status of success that is another',
      (_, response) => {
        json(response, 201, '{}');
      },
    ],
    [
      'no content',
      (_, response) => {
        response.writeHead(204).end();
      },
    ],
    [
      'a way to elsewhere',
      (request, response) => {
        json(response, 307, '{}', { location: `${request.url ?? ''}/x` });
      },
    ],
    [
      'a page',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
      },
    ],
    [
      'nothing',
      (_, response) => {
        json(response, 200, '');
      },
    ],
    [
      'half of it',
      (_, response) => {
        json(response, 200, '{"decision":tr');
      },
    ],
    [
      'the same key twice',
      (_, response) => {
        json(response, 200, '{"decision":false,"decision":true}');
      },
    ],
    [
      'no UTF-8',
      (_, response) => {
        response.writeHead(200).end(Buffer.from([0x22, 0xff, 0x22]));
      },
    ],
    [
      'less than it said',
      (_, response) => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{"decision":true}');
        setImmediate(() => response.destroy());
      },
    ],
    [
      'no end of its chunks',
      (_, response) => {
        response.writeHead(200);
        response.write('{"decision":true}');
        setImmediate(() => response.destroy());
      },
    ],
    [
      'a reset',
      (request) => {
        request.socket.resetAndDestroy();
      },
    ],
    [
      'no HTTP',
      (request) => {
        request.socket.end('decision: true\r\n\r\n');
      },
    ],
    [
      'too much',
      (_, response) => {
        json(response, 200, `"${'x'.repeat(10 * 1024 * 1024)}"`);
      },
    ],
  ])('takes %s for no answer', async (_, wrong) => {
    answer = wrong;
    const { outcome, ms } = await timed(ask);
    expect(outcome).toBe('decision_unavailable');
    expect(ms).toBeLessThan(timeoutMs);
  });

  it.each<[string, typeof answer]>([
    ['says nothing', () => undefined],
    [
      'says who it is and nothing else',
      (_, response) => {
        response.writeHead(200).flushHeaders();
      },
    ],
    [
      'dribbles',
      (_, response) => {
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => {
          clearInterval(timer);
        });
      },
    ],
  ])('waits no longer than the deadline for one that %s', async (_, wrong) => {
    answer = wrong;
    const { outcome, ms } = await timed(ask);
    expect(outcome).toBe('decision_unavailable');
    expect(ms).toBeGreaterThan(timeoutMs - 20);
    expect(ms).toBeLessThan(timeoutMs + 1_000);
  });

  it('gives up at once where nobody listens', async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
    const { outcome, ms } = await timed(ask);
    expect(outcome).toBe('decision_unavailable');
    expect(ms).toBeLessThan(timeoutMs);
  });

  it('goes on with a service that is back', async () => {
    answer = (request) => request.socket.resetAndDestroy();
    for (let time = 0; time < 3; time += 1) await timed(ask);
    answer = (_, response) => {
      json(response, 200, '1');
    };
    expect(await ask()).toBe(1);
  });

  it('leaves alone what keeps failing', async () => {
    answer = (_, response) => {
      json(response, 500, '{}');
    };
    for (let time = 0; time < 8; time += 1) await timed(ask);
    expect([requests.length, client.isResting]).toEqual([8, true]);
    expect((await timed(ask)).outcome).toBe('decision_unavailable');
    expect(requests.length).toBe(8);
  });

  it.each([400, 401, 403, 413, 429, 503])(
    'keeps asking one that refuses questions with %i',
    async (status) => {
      answer = (_, response) => {
        json(response, status, '{"error":{"code":"too_large"}}');
      };
      for (let time = 0; time < 20; time += 1)
        expect((await timed(ask)).outcome).toBe('decision_unavailable');
      expect([requests.length, client.isResting]).toEqual([20, false]);
    },
  );

  it('asks no more at once than it may, and at once again', async () => {
    // What so many connections take is not the point.
    client = connect(20_000);
    const gate = Promise.withResolvers<undefined>();
    answer = (_, response) => {
      void gate.promise.then(() => {
        json(response, 200, '1');
      });
    };
    const asked = Array.from({ length: 513 }, () => timed(ask));
    const { outcome, ms } = await (asked[512] as (typeof asked)[0]);
    expect(outcome).toBe('decision_unavailable');
    expect(ms).toBeLessThan(5_000);
    gate.resolve(undefined);
    const outcomes = await Promise.all(asked);
    expect(outcomes.filter((one) => one.outcome === 1).length).toBe(512);
    expect(await ask()).toBe(1);
  });

  it('says nothing of its token when it fails', async () => {
    answer = (request) => request.socket.resetAndDestroy();
    const fault = (await ask().catch((cause: unknown) => cause)) as Error;
    expect(JSON.stringify([fault, fault.cause, fault.message, fault.stack])).not.toContain('the-token');
  });
});
