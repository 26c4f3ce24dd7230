// Nothing fails without a proxy: so whatever fails through one is the proxy's doing.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startConformanceServer, type Endpoint } from '../endpoint.ts';
import { runSuite } from './runSuite.ts';

let server: Endpoint;

beforeAll(async () => {
  server = await startConformanceServer();
});

afterAll(() => server.close());

it.each([
  { revision: '2025-11-25', scenarios: 33, skipped: [] },
  { revision: '2026-07-28', scenarios: 50, skipped: ['tasks-status-notifications'] },
] as const)(
  'passes every scenario for $revision directly',
  async ({ revision, scenarios, skipped }) => {
    const outcomes = await runSuite({ url: server.url, revision });
    const passed = new Set(['SUCCESS', 'INFO']);
    const isPassed = (checks: Readonly<Record<string, readonly string[]>>): boolean =>
      Object.values(checks).every((statuses) => statuses.every((status) => passed.has(status)));
    const failed = Object.keys(outcomes).filter((scenario) => !isPassed(outcomes[scenario] ?? {}));
    expect(Object.keys(outcomes)).toHaveLength(scenarios);
    expect(failed).toEqual(skipped);
  },
  60_000,
);
