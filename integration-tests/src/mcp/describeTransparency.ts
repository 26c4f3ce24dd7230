// What has to hold of every proxy that says it changes nothing: clients see the same through it as without it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compare } from './comparison/compare.ts';
import { comparePaths } from './comparison/comparePaths.ts';
import { startConformanceServer, startSessionServer, type StartProxy } from './endpoint.ts';
import { runSuite } from './suite/runSuite.ts';
import { takeTour } from './tour/takeTour.ts';
import { wireChecks } from './wire/wireChecks.ts';
import { WirePath } from './wire/wirePath.ts';

const suiteMs = 170_000;

export function describeTransparency(startProxy: StartProxy): void {
  it.each(['2025-11-25', '2026-07-28'] as const)(
    'changes no outcome of the conformance suite for %s',
    async (revision) => {
      const observe = ({ url }: { readonly url: string }): Promise<unknown> => runSuite({ url, revision });
      expect(await comparePaths({ startServer: startConformanceServer, startProxy, observe })).toEqual([]);
    },
    suiteMs,
  );

  it('changes nothing of what a client on SDK 1 does and hears', async () => {
    const observe = ({
      url,
      headers,
    }: {
      readonly url: string;
      readonly headers?: Readonly<Record<string, string>>;
    }): Promise<unknown> => takeTour(url, headers);
    expect(await comparePaths({ startServer: startSessionServer, startProxy, observe })).toEqual([]);
  });

  describe('on the wire', () => {
    let direct: WirePath;
    let proxied: WirePath;

    beforeAll(async () => {
      [direct, proxied] = await Promise.all([WirePath.open(), WirePath.open(startProxy)]);
    });

    afterAll(() => Promise.all([direct.close(), proxied.close()]));

    it.each(wireChecks)('keeps $name', async (check) => {
      expect(compare(await direct.observe(check), await proxied.observe(check))).toEqual([]);
    });
  });
}
