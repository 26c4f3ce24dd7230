import { afterEach, expect, it } from '@jest/globals';
import { parseStrictJson } from '@cardea/schemas/json';
import { readCatalog } from '@cardea/schemas/mcp';
import { startConformanceServer, startSessionServer, type Endpoint } from '../endpoint.ts';
import { ScriptedServer } from '../wire/scriptedServer.ts';
import { approvedCatalog } from './approvedCatalog.ts';

let server: Endpoint | undefined;

afterEach(() => server?.close());

it.each([
  { name: 'the conformance server', start: startConformanceServer, counts: [35, 5, 3, 1] },
  { name: 'the server with sessions', start: startSessionServer, counts: [15, 2, 26, 1] },
  { name: 'the scripted server', start: () => ScriptedServer.start(), counts: [1, 0, 0, 0] },
])('has everything of $name, approved', async ({ start, counts }) => {
  server = await start();
  const catalog = readCatalog(parseStrictJson(await approvedCatalog(server.url, 'desk')));
  const lists = [catalog.tools, catalog.prompts, catalog.resources, catalog.resourceTemplates];
  expect(catalog.server.id).toBe('desk');
  expect(lists.map((list) => list.length)).toEqual(counts);
  expect(lists.flat().filter(({ review }) => review !== 'approved')).toEqual([]);
});
