import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { answerMessage } from '../upstream/echo.ts';
import { listCalls } from '../workload/calls.ts';
import { Connection } from './connection.ts';
import { writeRequest } from './requestBytes.ts';
import { runLoad, type Lane } from './runLoad.ts';

let server: Server | undefined;

afterEach(() => {
  server?.close().closeAllConnections();
});

/** Answers what `answer` makes of each body. */
async function listen(answer: (body: string) => string | undefined): Promise<string> {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += String(part)));
    request.on('end', () => response.end(answer(body)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

async function openLanes(url: string, count: number): Promise<Lane[]> {
  const calls = listCalls(2).map((call) => {
    const { bytes, bodyAt } = writeRequest('POST', { url, headers: {} }, call.body);
    return { call, bytes, amountAt: bodyAt + call.amountAt };
  });
  return Promise.all(
    Array.from({ length: count }, async () => ({
      connection: await Connection.open(url),
      calls: calls.map(({ bytes, ...rest }) => ({ ...rest, bytes: Buffer.from(bytes) })),
    })),
  );
}

const bounds = { timeMs: 5_000, callsMax: 20, isFresh: false };

describe('runLoad', () => {
  it('goes round the calls until there were enough', async () => {
    const bodies: string[] = [];
    const url = await listen((body) => (bodies.push(body), answerMessage(body)));
    const result = await runLoad(await openLanes(url, 2), bounds);
    expect(result).toMatchObject({ failures: 0 });
    expect(result.answers).toBeGreaterThanOrEqual(20);
    expect(result.p99Us).toBeGreaterThanOrEqual(result.p50Us);
    expect(new Set(bodies)).toEqual(new Set(listCalls(2).map(({ body }) => body)));
  });

  it('never asks about the same amount twice where calls have to be fresh', async () => {
    const amounts: number[] = [];
    const url = await listen((body) => {
      amounts.push(
        (JSON.parse(body) as { params: { arguments: { amount: number } } }).params.arguments.amount,
      );
      return answerMessage(body);
    });
    for (let run = 0; run < 2; run += 1) await runLoad(await openLanes(url, 2), { ...bounds, isFresh: true });
    expect(amounts.length).toBeGreaterThanOrEqual(40);
    expect(new Set(amounts).size).toBe(amounts.length);
  });

  it('ends when its time is up', async () => {
    const url = await listen(answerMessage);
    const { answers } = await runLoad(await openLanes(url, 1), { ...bounds, callsMax: 1e9, timeMs: 50 });
    expect(answers).toBeGreaterThan(0);
  });

  it.each([
    ['an error', '{"jsonrpc":"2.0","id":0,"error":{"code":-32001,"message":"no"}}'],
    ['what is no JSON', 'no'],
    ['nothing', undefined],
  ])('fails on a server that answers %s', async (_, answer) => {
    const result = await runLoad(await openLanes(await listen(() => answer), 1), bounds);
    expect(result).toMatchObject({ answers: 0, failures: 1 });
    expect(result.failure).toContain('not the result of call 0');
  });

  it('fails where the connection breaks', async () => {
    const url = await listen(() => {
      server?.closeAllConnections();
      return '';
    });
    const result = await runLoad(await openLanes(url, 1), bounds);
    expect(result).toMatchObject({ answers: 0, failures: 1 });
  });
});
