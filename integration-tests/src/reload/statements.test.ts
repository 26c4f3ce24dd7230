// Statements that must not be believed, put into the archive under a running service: each is refused and named, the
// bundle in service stays until the last good statement is stale, and everything heals with the next good one.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { issueStatement } from '@cardea/bundles/authority';
import { readHead, type Head } from '@cardea/bundles/open';
import { generateKey } from '@cardea/schemas/note';
import { join } from 'node:path';
import type { TestArchive } from '../../../pdp/test/testArchive.ts';
import { until } from '../../../pdp/test/testService.ts';
import { ServiceProcess } from '../service/serviceProcess.ts';
import { TwoBundles } from './twoBundles.ts';

/** The least that a receiver takes. */
const staleMs = 5_000;
const lifetimeMs = 30_000;
const minuteMs = 60_000;

let bundles: TwoBundles;
let archive: TestArchive;
let head: Head;

beforeAll(async () => {
  bundles = await TwoBundles.publish();
  ({ archive } = bundles);
  const { publisher } = archive.keys;
  head = readHead(await archive.archive.readHead(), archive.trust.organisation, [publisher.verifier]);
});

afterAll(async () => {
  await archive.remove();
});

/** A statement as the signer would make it, but for what is said here. */
function sign(
  change: Partial<Head> = {},
  { agoMs = 0, key = archive.keys.signer, lives = lifetimeMs, revocations = 0 } = {},
): Uint8Array {
  return issueStatement(
    key,
    { ...head, ...change },
    { now: () => Date.now() - agoMs, lifetimeMs: lives, revocations },
  );
}

const place = (bytes: Uint8Array): Promise<void> => archive.archive.writeAuthority(bytes);

async function problemsOf(service: ServiceProcess): Promise<unknown[]> {
  const { problems } = (await service.get('/readyz')).body as { problems: { code: string }[] };
  return problems.map(({ code }) => code);
}

describe('a running service', () => {
  let service: ServiceProcess;
  let replayed: Uint8Array;
  let earlier: Uint8Array;

  beforeAll(async () => {
    replayed = sign({}, { agoMs: 1_000 });
    earlier = sign({}, { agoMs: 1_000, revocations: 7 });
    await place(sign({}, { revocations: 7 }));
    service = await ServiceProcess.start(archive);
  });

  afterAll(async () => {
    await service.stop();
  });

  it.each<[string, string, () => Uint8Array]>([
    ['replayed', 'statement_lowered', () => replayed],
    ['issued before the one in use', 'statement_replayed', () => earlier],
    [
      'of a lower seq',
      'statement_lowered',
      () => sign({ seq: 1, bundle: bundles.closed }, { revocations: 7 }),
    ],
    ['with fewer revocations', 'statement_lowered', () => sign({ seq: head.seq + 1 }, { revocations: 6 })],
    [
      'with another bundle under the same seq',
      'statement_conflicting',
      () => sign({ bundle: bundles.closed }, { revocations: 7 }),
    ],
    ['expired', 'statement_expired', () => sign({ seq: 99 }, { agoMs: minuteMs, revocations: 7 })],
    [
      'from the future',
      'statement_from_future',
      () => sign({ seq: 99 }, { agoMs: -minuteMs, revocations: 7 }),
    ],
    [
      'of another organisation',
      'statement_foreign',
      () => sign({ organisation: 'other', seq: 99 }, { revocations: 7 }),
    ],
    [
      'by a key that nobody trusts',
      'statement_forged',
      () =>
        sign({ seq: 99, bundle: bundles.closed }, { key: generateKey(archive.keys.signer.verifier.name) }),
    ],
    [
      'by a publisher',
      'statement_forged',
      () => sign({ seq: 99, bundle: bundles.closed }, { key: archive.keys.publisher }),
    ],
    [
      'with one byte changed',
      'statement_forged',
      () =>
        Buffer.from(
          Buffer.from(sign({ seq: 98 }))
            .toString('utf8')
            .replace('98', '99'),
        ),
    ],
    ['cut off', 'statement_malformed', () => sign({ seq: 99 }).subarray(0, 100)],
    ['that is none', 'statement_malformed', () => Buffer.from('{"seq":99}')],
    ['of 1 MB', 'archive_too_large', () => Buffer.alloc(1024 * 1024, 0x20)],
  ])('refuses a statement %s with %s, and serves as before', async (_, code, make) => {
    await place(make());
    await until(async () => (await problemsOf(service)).includes(code));
    expect(await bundles.ask(service)).toMatchObject({ verdict: 'allow', bundle: bundles.open });
    expect((await service.get('/readyz')).body).toMatchObject({ ready: true, bundle: bundles.open });
    expect(
      await service.readMetric(`cardea_pdp_authority_statements_total{outcome="refused",code="${code}"}`),
    ).toBeGreaterThan(0);
    expect(service.events).toContainEqual(expect.objectContaining({ event: 'authority_refused', code }));
    await place(sign({}, { revocations: 7 }));
    await until(async () => (await problemsOf(service)).length === 0);
  });
});

describe('a service whose signer is not heard', () => {
  it('serves until what it knows is stale, then denies and is not ready, and heals', async () => {
    await place(sign());
    const service = await ServiceProcess.start(archive, { staleMs });
    await place(sign({ seq: 1 }));
    expect(await bundles.ask(service)).toMatchObject({ verdict: 'allow', bundle: bundles.open });
    await until(async () => (await service.get('/readyz')).status === 503);
    expect(await problemsOf(service)).toEqual(['statement_lowered', 'stale_authority']);
    expect(await bundles.ask(service)).toMatchObject({ verdict: 'deny', code: 'stale_authority' });
    expect(
      (
        await service.post('/v1/discover', {
          subject: { type: 'Person', id: 'a', properties: { groups: [] } },
          server: 'github',
        })
      ).status,
    ).toBe(503);
    await place(sign({ seq: head.seq + 1, bundle: bundles.closed }));
    await until(() => bundles.isServedEverywhere(service, bundles.closed));
    expect(await bundles.ask(service)).toMatchObject({ verdict: 'hold' });
    expect((await service.get('/readyz')).body).toMatchObject({ ready: true, problems: [] });
    await service.stop();
  });
});

describe('a service that is killed', () => {
  it('remembers what was current, and accepts nothing older', async () => {
    const floorFile = join(archive.directory, 'floor');
    const older = sign({ seq: head.seq + 1, bundle: bundles.open });
    await place(sign({ seq: head.seq + 2, bundle: bundles.closed }));
    const before = await ServiceProcess.start(archive, { floorFile });
    expect(await bundles.ask(before)).toMatchObject({ verdict: 'hold', bundle: bundles.closed });
    await before.kill();
    await place(older);
    const after = await ServiceProcess.start(archive, { floorFile });
    expect((await after.get('/readyz')).status).toBe(503);
    expect(await problemsOf(after)).toContain('statement_lowered');
    await place(sign({ seq: head.seq + 2, bundle: bundles.closed }));
    await until(() => bundles.isServedEverywhere(after, bundles.closed));
    await after.stop();
  });
});
