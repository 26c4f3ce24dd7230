// Requests whose senders have left while they waited for their turn.
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { tokens } from './client.ts';
import { callOf, mcpSources, pinGuardrail } from './mcpSources.ts';
import { TestArchive } from './testArchive.ts';
import { TestService, until } from './testService.ts';

const path = '/access/v1/evaluations';
/** One of the long tasks at a time, and one of them takes long. */
const limits = { longTasksMax: 1, jsonValuesMax: 100_000, callerRequestsPerSecondMax: 10_000_000 };

let archive: TestArchive;
let service: TestService;

beforeAll(async () => {
  archive = await TestArchive.create('mcp', await pinGuardrail());
  await archive.publish(mcpSources);
  archive.keepStating();
  service = await TestService.start(archive, { workers: 1, limits });
});

afterAll(async () => {
  await service.close();
  await archive.remove();
});

it('leaves out long requests whose senders have left', async () => {
  const labels = Array.from({ length: 60_000 }, (_, number) => `label-${number}`);
  const slow = {
    ...callOf('github/create_issue', { title: 'x', labels }),
    evaluations: Array(itemsOfSlow).fill({}),
  };
  const quick = { evaluations: [callOf('github/create_issue', { title: 'x' })] };
  const first = service.post(path, slow);
  await until(async () => (await readMetric('decisions_total')) > 0);
  const sockets = Array.from({ length: 5 }, () => send(JSON.stringify(quick)));
  // The slow one, those five, and the question itself.
  await until(async () => (await readMetric('requests_inflight')) === 7);
  for (const socket of sockets) socket.destroy();
  const last = await service.post(path, quick);
  expect([(await first).status, last.status]).toEqual([200, 200]);
  expect(await readMetric('decisions_total')).toBe(itemsOfSlow + 1);
});

const itemsOfSlow = 256;

function send(body: string): Socket {
  const { hostname, port } = new URL(service.address);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${tokens.author}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  return socket;
}

async function readMetric(name: string): Promise<number> {
  const headers = { authorization: `Bearer ${tokens.author}` };
  const text = await (await fetch(`${service.address}/metrics`, { headers })).text();
  const values = [...text.matchAll(new RegExp(`^cardea_pdp_${name}(?:\\{[^\n]*\\})? (\\d+)`, 'gm'))];
  return values.reduce((sum, [, value]) => sum + Number(value), 0);
}
