// Which checks notice a broken proxy: every check on the wire is tried, and the scenario or the tour that it is said to be
// noticed by.
import { compare } from '../comparison/compare.ts';
import type { Endpoint } from '../endpoint.ts';
import { runSuite } from '../suite/runSuite.ts';
import { takeTour } from '../tour/takeTour.ts';
import { startVariedProxy } from '../variedProxy.ts';
import { wireChecks } from '../wire/wireChecks.ts';
import { WirePath } from '../wire/wirePath.ts';
import type { BrokenProxy } from './brokenProxies.ts';

/** What there is without a proxy; it is the same for all of them. */
export interface Ground {
  readonly conformance: Endpoint;
  readonly sessions: Endpoint;
  /** What each check on the wire observes, by its name. */
  readonly wire: ReadonlyMap<string, unknown>;
}

export async function observeDirectly(): Promise<Ground['wire']> {
  const path = await WirePath.open();
  const observations = new Map<string, unknown>();
  for (const check of wireChecks) observations.set(check.name, await path.observe(check));
  await path.close();
  return observations;
}

/** The names of those that do. */
export async function findNotices(proxy: BrokenProxy, ground: Ground): Promise<readonly string[]> {
  const names: string[] = [];
  const path = await WirePath.open((upstreamUrl) => startVariedProxy(upstreamUrl, proxy.variation));
  for (const check of wireChecks) {
    const differences = compare(ground.wire.get(check.name), await path.observe(check));
    if (differences.length > 0) names.push(check.name);
  }
  await path.close();
  return (await isNoticedElsewhere(proxy, ground)) ? [...names, proxy.noticedBy] : names;
}

async function isNoticedElsewhere({ variation, noticedBy }: BrokenProxy, ground: Ground): Promise<boolean> {
  const [place, name = ''] = noticedBy.split(': ');
  if (place === 'conformance') {
    return isDifferent(ground.conformance.url, variation, (url) =>
      runSuite({ url, revision: '2026-07-28', scenario: name }),
    );
  }
  if (place !== 'tour') return false;
  return isDifferent(ground.sessions.url, variation, async (url) => (await takeTour(url))[name]);
}

async function isDifferent(
  upstreamUrl: string,
  variation: BrokenProxy['variation'],
  observe: (url: string) => Promise<unknown>,
): Promise<boolean> {
  const proxy = await startVariedProxy(upstreamUrl, variation);
  try {
    return compare(await observe(upstreamUrl), await observe(proxy.url)).length > 0;
  } finally {
    await proxy.close();
  }
}
