// Publishers that are killed at any moment, beside a service that runs: the last good bundle serves, there and in a
// service that is killed and started again, and the next publisher goes on.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openBundle, readHead, type Head } from '@cardea/bundles/open';
import { formatSignerKey } from '@cardea/schemas/note';
import { until } from '../../../pdp/test/testService.ts';
import { makeRandom } from '../hostile/random.ts';
import { ServiceProcess } from '../service/serviceProcess.ts';
import { openSources, TwoBundles } from './twoBundles.ts';

const program = fileURLToPath(new URL('publishForever.ts', import.meta.url));
const kills = 30;

/** Every so many kills the service is killed too. */
const killsARestart = 6;

let bundles: TwoBundles;
let service: ServiceProcess;
const folder = mkdtempSync(join(tmpdir(), 'cardea-killed-'));
const keyFile = join(folder, 'key');
const floorFile = join(folder, 'floor');

beforeAll(async () => {
  bundles = await TwoBundles.publish();
  bundles.archive.keepStating();
  writeFileSync(keyFile, formatSignerKey(bundles.archive.keys.publisher), { mode: 0o600 });
  service = await ServiceProcess.start(bundles.archive, { floorFile });
});

afterAll(async () => {
  await service.stop();
  await bundles.archive.remove();
  rmSync(folder, { recursive: true });
});

async function headNow(): Promise<Head> {
  const { archive, trust, keys } = bundles.archive;
  return readHead(await archive.readHead(), trust.organisation, [keys.publisher.verifier]);
}

/** Killed in its first round, which is the slowest, or in a later one. */
async function publishAndKill(waitMs: number, heads: number): Promise<void> {
  const child = spawn(process.execPath, ['--no-warnings', program, bundles.archive.directory, keyFile]);
  let lines = 0;
  child.stdout.on('data', (text: Buffer) => {
    lines += String(text).split('\n').length - 1;
  });
  while (lines <= heads && child.exitCode === null) await delay(5);
  await delay(waitMs);
  child.kill('SIGKILL');
  await once(child, 'close');
}

describe('publishers that are killed', () => {
  it('leave the last good bundle in service, also after a restart', async () => {
    const random = makeRandom(20);
    let { seq } = await headNow();
    for (let kill = 1; kill <= kills; kill += 1) {
      await publishAndKill(random.below(150), kill % 2);
      const head = await headNow();
      expect(head.seq).toBeGreaterThanOrEqual(seq);
      ({ seq } = head);
      await openBundle(bundles.archive.archive, head.bundle, bundles.archive.trust);
      if (kill % killsARestart === 0) {
        await service.kill();
        service = await ServiceProcess.start(bundles.archive, { floorFile });
      }
      await until(() => bundles.isServedEverywhere(service, head.bundle, 4));
    }
    expect(service.isAlive).toBe(true);
    expect(seq).toBeGreaterThan(kills / 2);
    expect(service.events.filter(({ event }) => event === 'bundle_refused')).toEqual([]);
    // The lock of the dead is free, and what they left half written is swept away.
    const last = await bundles.archive.publish(openSources);
    expect((await headNow()).seq).toBe(seq + 1);
    await until(() => bundles.isServedEverywhere(service, last));
    expect((await service.get('/readyz')).body).toMatchObject({ ready: true, bundle: last });
  }, 120_000);
});
