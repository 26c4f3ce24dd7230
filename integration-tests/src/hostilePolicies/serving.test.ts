// Hostile bundles and a service that runs: what is refused never reaches it, and what was accepted and stalls the
// engine all the same costs workers, not the process, until it is rolled back.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Digest } from '@cardea/schemas/digest';
import { callOf, mcpSources, pinGuardrail } from '../../../pdp/test/mcpSources.ts';
import { TestArchive } from '../../../pdp/test/testArchive.ts';
import { until } from '../../../pdp/test/testService.ts';
import { ServiceProcess } from '../service/serviceProcess.ts';
import { numbered, repeat, scope } from './sources.ts';

const issue = callOf('github/create_issue', { title: 'x' });

/** Every request has all of these among its candidates: parsing them takes longer than a decision may. */
const heavy = numbered(
  4_000,
  (at) =>
    `@id("h${at}") forbid (principal, action, resource is Tool) when { resource.owner == Group::"g${at}" };`,
);

let archive: TestArchive;
let good: Digest;

const withPolicy = (text: string): Record<string, string> => ({
  ...mcpSources,
  'policies/added.cedar': text,
});

beforeEach(async () => {
  archive = await TestArchive.create('mcp', await pinGuardrail());
  good = await archive.publish(mcpSources);
  archive.keepStating();
});

afterEach(async () => {
  await archive.remove();
});

async function isServing(service: ServiceProcess, bundle: Digest): Promise<boolean> {
  const answer = await service.post('/access/v1/evaluation', issue).catch(() => undefined);
  const context = answer?.body['context'] as { bundle?: string } | undefined;
  return context?.bundle === bundle && answer?.body['decision'] === true;
}

describe('a service, while hostile bundles are published', () => {
  it('goes on with the last good one, and takes the next', async () => {
    const service = await ServiceProcess.start(archive);
    const head = await archive.archive.readHead();
    for (const text of [
      `@id("x") ${scope} when { ${repeat('(', 500)}true${repeat(')', 500)} };`,
      `@id("x") ${scope} when { ${Array(5_000).fill('true').join(' || ')} };`,
      `@id("x") ${scope} ${repeat('when { true } ', 1_000)};`,
      `@id("x") ${scope} when { unknown("input") };`,
      `@id("x") ${scope} when { "never closed };`,
      '\0',
    ]) {
      await expect(archive.publish(withPolicy(text))).rejects.toThrow(/"severity":"error"/);
      expect(await archive.archive.readHead()).toEqual(head);
      expect(await isServing(service, good)).toBe(true);
    }
    const next = await archive.publish(withPolicy(`@id("x") ${scope};`));
    await until(() => isServing(service, next));
    expect(await service.readMetric('cardea_pdp_worker_replacements_total')).toBe(0);
    await service.stop();
  }, 60_000);

  it('loses workers to one that stalls every decision, and heals when it is rolled back', async () => {
    const service = await ServiceProcess.start(archive, { limits: { decisionTimeoutMs: 40 } });
    expect(await isServing(service, good)).toBe(true);
    const stalling = await archive.publish(withPolicy(heavy));
    expect(stalling).not.toBe(good);
    await until(
      async () =>
        !(await isServing(service, good)) && service.events.some(({ event }) => event === 'worker_replaced'),
    );
    await archive.rollback(good);
    await until(() => isServing(service, good));
    expect(service.isAlive).toBe(true);
    expect((await service.get('/readyz')).body).toMatchObject({ ready: true, bundle: good, problems: [] });
    await service.stop();
  }, 60_000);
});
