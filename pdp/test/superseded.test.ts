// What the service does while it cannot have what is current: archives that withhold it, signers that are silent.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ArchiveFault, type AuthorityAnswer, type BundleSource } from '@cardea/bundles/open';
import type { Digest } from '@cardea/schemas/digest';
import { callOf, mcpSources, person, pinGuardrail } from './mcpSources.ts';
import { TestArchive } from './testArchive.ts';
import { TestService, until } from './testService.ts';

const issue = callOf('github/create_issue', { title: 'x' });
const closed = '@id("closed") forbid (principal, action == Action::"github/create_issue", resource);';

let archive: TestArchive;
let service: TestService;

beforeEach(async () => {
  archive = await TestArchive.create('mcp', await pinGuardrail());
  archive.keepStating();
});

afterEach(async () => {
  await service.close();
  await archive.remove();
});

describe('an archive that withholds what is current', () => {
  it('keeps what was before in service for a while, and nobody may keep its verdicts', async () => {
    const staleMs = 5_000;
    const source = new Withholding(archive.archive);
    const before = await archive.publish(mcpSources);
    const authority = { verifiers: archive.authorityVerifiers, staleMs };
    service = await TestService.start(archive, { source, authority });
    expect((await service.evaluate(issue)).body['context']).toHaveProperty('expires');
    source.isWithholding = true;
    const after = await archive.publish({ ...mcpSources, 'policies/added.cedar': closed });
    const begunMs = Date.now();
    await until(async () => !JSON.stringify((await service.evaluate(issue)).body).includes('expires'));
    expect((await service.evaluate(issue)).body).toMatchObject({
      decision: true,
      context: { bundle: before },
    });
    expect((await service.get('/readyz')).status).toBe(200);
    await until(async () => (await service.get('/readyz')).status === 503);
    expect(Date.now() - begunMs).toBeLessThan(2 * staleMs);
    expect((await service.evaluate(issue)).body).toMatchObject({
      decision: false,
      context: { code: 'stale_authority', bundle: before },
    });
    const discovered = await service.post('/v1/discover', { subject: person('a'), server: 'github' });
    expect(discovered.body).toMatchObject({ error: { code: 'stale_authority' } });
    source.isWithholding = false;
    await until(async () => (await service.get('/readyz')).status === 200);
    expect((await service.evaluate(issue)).body).toMatchObject({
      decision: false,
      context: { code: 'forbidden', bundle: after },
    });
  });
});

describe('a signer that is silent', () => {
  it('is told in the log, and its end too', async () => {
    await archive.publish(mcpSources);
    service = await TestService.start(archive);
    archive.stopStating();
    await archive.state({ lifetimeMs: 400 });
    const told = (): string[] =>
      service.events.map(({ event }) => event).filter((event) => /^authority_/.test(event));
    await until(() => told().length === 1);
    await archive.state();
    await until(() => told().length === 2);
    expect(told()).toEqual(['authority_stale', 'authority_fresh']);
  });
});

/** An archive without manifests, for as long as it likes. */
class Withholding implements BundleSource {
  isWithholding = false;
  readonly #source: BundleSource;

  constructor(source: BundleSource) {
    this.#source = source;
  }

  readManifest(digest: Digest): Promise<Uint8Array> {
    if (!this.isWithholding) return this.#source.readManifest(digest);
    return Promise.reject(new ArchiveFault('archive_missing', 'the archive has no manifest'));
  }

  readSignature(digest: Digest): Promise<Uint8Array> {
    return this.#source.readSignature(digest);
  }

  readBlob(digest: Digest, bytesMax: number): Promise<Uint8Array> {
    return this.#source.readBlob(digest, bytesMax);
  }

  readHead(): Promise<Uint8Array> {
    return this.#source.readHead();
  }

  readAuthority(etag?: string): Promise<AuthorityAnswer> {
    return this.#source.readAuthority(etag);
  }
}
