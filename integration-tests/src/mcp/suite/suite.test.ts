import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startConformanceServer, startPassThrough, type Endpoint } from '../endpoint.ts';
import { runSuite } from './runSuite.ts';

let server: Endpoint;
let proxy: Endpoint;

beforeAll(async () => {
  server = await startConformanceServer();
  proxy = await startPassThrough(server.url);
});

afterAll(async () => {
  await proxy.close();
  await server.close();
});

it('has the same outcomes through a proxy that only passes on', async () => {
  const selection = { revision: '2025-11-25', scenario: 'tools-call-simple-text' } as const;
  const direct = await runSuite({ url: server.url, ...selection });
  expect(direct['tools-call-simple-text']?.['tools-call-simple-text']).toEqual(['SUCCESS']);
  expect(await runSuite({ url: proxy.url, ...selection })).toEqual(direct);
});
