// A server on standard streams, wrapped by `cardea pep stdio` for a client that starts it: the client does and hears what it
// does and hears without, in both eras, and another proxy may stand before that.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { approvedCatalog } from '../mcp/catalog/approvedCatalog.ts';
import { compare } from '../mcp/comparison/compare.ts';
import { startConformanceServer, startSessionServer, type Endpoint } from '../mcp/endpoint.ts';
import { runSuiteAt } from '../mcp/suite/runSuiteAt.ts';
import { takeStdioTour } from '../mcp/tour/takeTour.ts';
import { defaultToken, permitAll, Stack } from '../pep/stack.ts';
import { WrapProject } from './wrapProject.ts';

const sessionProgram = fileURLToPath(new URL('../mcp/sessionServer/stdioServer.ts', import.meta.url));
const conformanceProgram = fileURLToPath(new URL('../mcp/conformanceServer/stdioServer.ts', import.meta.url));
const sessionServer = [process.execPath, sessionProgram];
const conformanceServer = [process.execPath, conformanceProgram];

let servers: Endpoint[];
let sessionCatalog: string;
let conformanceCatalog: string;
const projects: WrapProject[] = [];

beforeAll(async () => {
  servers = await Promise.all([startSessionServer(), startConformanceServer()]);
  const [session, conformance] = servers as [Endpoint, Endpoint];
  sessionCatalog = await approvedCatalog(session.url, 'desk');
  conformanceCatalog = await approvedCatalog(conformance.url, 'desk');
}, 30_000);

afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  for (const project of projects) project.remove();
});

function wrap(catalog: string, command: readonly string[]): readonly string[] {
  const project = new WrapProject('desk', catalog, permitAll);
  projects.push(project);
  return project.wrap(command);
}

const intended = [
  // What is hidden and what does not exist are answered alike, and not by the server.
  /^\/unknown (?:tool|prompt|resource)\/(?:message|data)/,
  /^\/tasks-capability-negotiation\/sep-2663-tasks-methods-non-declaring/,
  // SDK 1 forgets whom to report to when it reads an answer in one piece with what came before it.
  /^\/progress\/reports\//,
];

const listUnintended = (direct: unknown, wrapped: unknown): string[] =>
  compare(direct, wrapped).filter((line) => !intended.some((pattern) => pattern.test(line)));

describe('a wrapped server', () => {
  it('is to a client on SDK 1 as it is without', async () => {
    const [direct, wrapped] = await Promise.all([
      takeStdioTour(sessionServer),
      takeStdioTour(wrap(sessionCatalog, sessionServer)),
    ]);
    expect(listUnintended(direct, wrapped)).toEqual([]);
    expect(direct).toMatchObject({ connect: { info: { name: 'sessions' } } });
  }, 60_000);

  it('stands behind another proxy, and the suite for 2026-07-28 finds nothing of either', async () => {
    const [, server] = servers as [Endpoint, Endpoint];
    const stack = await Stack.start({
      policies: permitAll,
      catalogs: { desk: conformanceCatalog },
      upstreams: { desk: { command: wrap(conformanceCatalog, conformanceServer), env: { allow: ['PATH'] } } },
    });
    try {
      const headers = { authorization: `Bearer ${defaultToken}` };
      const [direct, wrapped] = [
        await runSuiteAt(server, '2026-07-28'),
        await runSuiteAt({ url: stack.url('desk'), headers, close: () => stack.stop() }, '2026-07-28'),
      ];
      expect(listUnintended(direct, wrapped)).toEqual([]);
    } finally {
      await stack.stop();
    }
  }, 120_000);
});
