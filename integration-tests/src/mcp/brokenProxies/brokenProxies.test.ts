// Each mistake that a proxy can make is noticed, and each check on the wire notices some.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startConformanceServer, startSessionServer, type Endpoint } from '../endpoint.ts';
import { wireChecks } from '../wire/wireChecks.ts';
import { brokenProxies, type BrokenProxy } from './brokenProxies.ts';
import { findNotices, observeDirectly } from './findNotices.ts';

/** They wait more than they work. */
const proxiesAtOnce = 6;

const unbroken: BrokenProxy = { mistake: 'makes none', variation: {}, noticedBy: 'nothing' };
const notices = new Map<string, readonly string[]>();
const servers: Endpoint[] = [];

beforeAll(async () => {
  const conformance = await startConformanceServer();
  servers.push(conformance);
  const sessions = await startSessionServer();
  servers.push(sessions);
  const ground = { conformance, sessions, wire: await observeDirectly() };
  const waiting = [unbroken, ...brokenProxies];
  const work = async (): Promise<void> => {
    for (let proxy = waiting.pop(); proxy !== undefined; proxy = waiting.pop()) {
      notices.set(proxy.mistake, await findNotices(proxy, ground));
    }
  };
  await Promise.all(Array.from({ length: proxiesAtOnce }, work));
}, 150_000);

afterAll(() => Promise.all(servers.map((server) => server.close())));

it.each(brokenProxies)('notices a proxy that $mistake', ({ mistake, noticedBy }) => {
  expect(notices.get(mistake)).toContain(noticedBy);
});

it('notices nothing of a proxy that makes no mistake', () => {
  expect(notices.get(unbroken.mistake)).toEqual([]);
});

it.each(wireChecks)('has a mistake for: $name', ({ name }) => {
  expect([...notices.values()].flat()).toContain(name);
});
