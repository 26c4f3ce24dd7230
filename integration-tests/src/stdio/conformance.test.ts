// The conformance suite against a server on its standard streams, which only the proxy makes a server of HTTP: every check
// comes to what it comes to where the same server speaks HTTP itself.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { approvedCatalog } from '../mcp/catalog/approvedCatalog.ts';
import { comparePaths } from '../mcp/comparison/comparePaths.ts';
import { startConformanceServer, type Endpoint } from '../mcp/endpoint.ts';
import { runSuiteAt } from '../mcp/suite/runSuiteAt.ts';
import { defaultToken, permitAll, Stack } from '../pep/stack.ts';

const program = fileURLToPath(new URL('../mcp/conformanceServer/stdioServer.ts', import.meta.url));
const suiteMsMax = 120_000;

/** In the place of the server that speaks HTTP, of which only the catalog is taken. */
async function startInstead(upstreamUrl: string): Promise<Endpoint> {
  const stack = await Stack.start({
    policies: permitAll,
    catalogs: { desk: await approvedCatalog(upstreamUrl, 'desk') },
    upstreams: { desk: { command: [process.execPath, program], env: { allow: ['PATH'] } } },
  });
  return {
    url: stack.url('desk'),
    headers: { authorization: `Bearer ${defaultToken}` },
    close: () => stack.stop(),
  };
}

describe('a server on standard streams', () => {
  it.each([
    // Streams that break off and are taken up again are an art of HTTP servers: here the proxy has none to take up.
    ['2025-11-25', ['/server-sse-multiple-streams/', '/server-sse-polling/']],
    // Tasks that nobody here has seen start are answered as those that do not exist, and not by the server.
    ['2026-07-28', ['/tasks-capability-negotiation/sep-2663-tasks-methods-non-declaring']],
  ] as const)(
    'is to the conformance suite for %s as one of HTTP',
    async (revision, intended) => {
      const differences = await comparePaths({
        startServer: startConformanceServer,
        startProxy: startInstead,
        observe: (endpoint) => runSuiteAt(endpoint, revision),
      });
      expect(differences.filter((line) => !intended.some((start) => line.startsWith(start)))).toEqual([]);
    },
    suiteMsMax,
  );
});
