// What has to hold of every proxy that passes on what it lets through: clients see the same with it as without it. A test of
// a proxy is one line, with what starts it in front of a server; what it changes on purpose is named there.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compare } from './comparison/compare.ts';
import { comparePaths } from './comparison/comparePaths.ts';
import { startConformanceServer, startSessionServer, type StartProxy } from './endpoint.ts';
import { runSuiteAt } from './suite/runSuiteAt.ts';
import { takeTour } from './tour/takeTour.ts';
import { wireChecks } from './wire/wireChecks.ts';
import { WirePath } from './wire/wirePath.ts';

const suiteMsMax = 170_000;
const tourMsMax = 90_000;

/** Each `intended` is how the lines of differences begin: `/scenario/check`, `/stop of the tour`, `/check on the wire`. */
export function describeTransparency(startProxy: StartProxy, intended: readonly string[] = []): void {
  const unseen = new Set(intended);
  const listUnintended = (differences: readonly string[]): string[] =>
    differences.filter((line) => {
      const found = intended.find((start) => line.startsWith(start));
      unseen.delete(found ?? '');
      return found === undefined;
    });

  it.each([
    ['2025-11-25', 'cold'],
    ['2025-11-25', 'warm'],
    ['2026-07-28', 'cold'],
    ['2026-07-28', 'warm'],
  ] as const)(
    'changes no outcome of the conformance suite for %s, %s',
    async (revision, state) => {
      const differences = await comparePaths({
        startServer: startConformanceServer,
        startProxy,
        observe: async (endpoint) => {
          const first = await runSuiteAt(endpoint, revision);
          // What a proxy remembers of the first time must not show in the second.
          return state === 'cold' ? first : runSuiteAt(endpoint, revision);
        },
      });
      expect(listUnintended(differences)).toEqual([]);
    },
    suiteMsMax,
  );

  it(
    'changes nothing of what a client on SDK 1 does and hears',
    async () => {
      const differences = await comparePaths({
        startServer: startSessionServer,
        startProxy,
        observe: ({ url, headers }) => takeTour(url, headers),
      });
      expect(listUnintended(differences)).toEqual([]);
    },
    tourMsMax,
  );

  describe('on the wire', () => {
    let direct: WirePath;
    let proxied: WirePath;

    beforeAll(async () => {
      [direct, proxied] = await Promise.all([WirePath.open(), WirePath.open(startProxy)]);
    });

    afterAll(() => Promise.all([direct.close(), proxied.close()]));

    it.each(wireChecks)('keeps $name', async (check) => {
      const differences = compare(
        await direct.observe(check),
        await proxied.observe(check),
        `/${check.name}`,
      );
      expect(listUnintended(differences)).toEqual([]);
    });
  });

  it('makes every difference that it is said to make', () => {
    expect([...unseen]).toEqual([]);
  });
}
