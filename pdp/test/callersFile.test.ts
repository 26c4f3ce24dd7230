// The callers file: what counts of it, when, and what of it is refused.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BundleSource } from '@cardea/bundles/open';
import type { WireCaller } from '@cardea/schemas/wire';
import { makeCallers, tokens, tokenSha256 } from './client.ts';
import { mcpSources, pinGuardrail } from './mcpSources.ts';
import { TestArchive } from './testArchive.ts';
import { TestService, until } from './testService.ts';

let archive: TestArchive;
let folder: string;

beforeAll(async () => {
  archive = await TestArchive.create('mcp', await pinGuardrail());
  await archive.publish(mcpSources);
  archive.keepStating();
  folder = mkdtempSync(join(tmpdir(), 'cardea-callers-'));
});

afterAll(async () => {
  await archive.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe('the callers file', () => {
  const listed = (...callers: WireCaller[]): string => JSON.stringify({ callers });
  const [proxy, client, author] = makeCallers(['github']) as [WireCaller, WireCaller, WireCaller];

  it('takes effect when it changes, and stays as it was when it is wrong', async () => {
    const file = join(folder, 'callers.json');
    writeFileSync(file, listed(proxy, author));
    const service = await TestService.start(archive, { callers: { file } });
    const statusOf = async (token: string): Promise<number> =>
      (await service.get('/v1/bundles/current', token)).status;
    expect([await statusOf(tokens.proxy), await statusOf(tokens.client)]).toEqual([200, 401]);
    writeFileSync(file, listed(client, author));
    await until(
      async () => (await statusOf(tokens.client)) === 200 && (await statusOf(tokens.proxy)) === 401,
    );
    writeFileSync(file, '{"callers": [{}]}');
    await until(async () => JSON.stringify((await service.get('/readyz')).body).includes('callers_refused'));
    expect(await statusOf(tokens.client)).toBe(200);
    writeFileSync(file, listed(author));
    await until(async () => (await statusOf(tokens.client)) === 401);
    expect(service.events.filter(({ event }) => event.startsWith('callers_'))).toEqual([
      { event: 'callers_loaded', file, callers: 2 },
      expect.objectContaining({ event: 'callers_refused', file }),
      { event: 'callers_loaded', file, callers: 1 },
    ]);
    await service.close();
  });

  it('with too many in it leaves the callers as they were, and the workers alive', async () => {
    const file = join(folder, 'many.json');
    writeFileSync(file, listed(author));
    const service = await TestService.start(archive, { callers: { file } });
    writeFileSync(file, listed(author, ...manyCallers(1_024)));
    await until(() => service.events.some(({ event }) => event === 'callers_refused'));
    expect((await service.get('/v1/bundles/current')).status).toBe(200);
    writeFileSync(file, listed(author, ...manyCallers(1_023)));
    await until(async () => (await service.get('/v1/bundles/current', 'token-1022')).status === 200);
    expect(service.events.filter(({ event }) => event === 'worker_replaced')).toEqual([]);
    await service.close();
  });

  it('takes effect while the archive does not answer', async () => {
    const file = join(folder, 'slow.json');
    writeFileSync(file, listed(proxy, author));
    const { archive: source } = archive;
    let isSlow = false;
    const slow: BundleSource = {
      readManifest: (digest) => source.readManifest(digest),
      readSignature: (digest) => source.readSignature(digest),
      readBlob: (digest, bytesMax) => source.readBlob(digest, bytesMax),
      readHead: () => source.readHead(),
      readAuthority: async (etag) => {
        if (isSlow) await delay(10_000);
        return source.readAuthority(etag);
      },
    };
    const service = await TestService.start(archive, { source: slow, callers: { file } });
    isSlow = true;
    await delay(100);
    writeFileSync(file, listed(author));
    const begunMs = Date.now();
    await until(async () => (await service.get('/v1/bundles/current', tokens.proxy)).status === 401);
    expect(Date.now() - begunMs).toBeLessThan(5_000);
    await service.close();
  });

  it.each([
    ['is missing', undefined],
    ['is no JSON', '{'],
    ['lists a caller without a credential', listed({ class: 'author', name: 'x' })],
    ['has a misspelt field', '{"callers": [], "caller": []}'],
    ['lists one token twice', listed(author, { ...client, tokenSha256: tokenSha256(tokens.author) })],
    ['lists two callers for the socket', listed({ ...author, socket: true }, { ...proxy, socket: true })],
    ['lists too many', listed(...manyCallers(1_025))],
  ])('keeps the service from starting where it %s', async (name, text) => {
    const file = join(folder, `${name}.json`);
    if (text !== undefined) writeFileSync(file, text);
    await expect(TestService.start(archive, { callers: { file } })).rejects.toThrow();
  });
});

/** Each with a token of its own. */
function manyCallers(count: number): WireCaller[] {
  return Array.from({ length: count }, (_, index) => {
    return { class: 'author', name: `author-${index}`, tokenSha256: tokenSha256(`token-${index}`) };
  });
}
