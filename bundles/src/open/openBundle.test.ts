import { describe, expect, it } from '@jest/globals';
import { digestOf, type Digest } from '@cardea/schemas/digest';
import { generateKey, signJson } from '@cardea/schemas/note';
import { archive, archiveForged, type MemoryArchive } from '../../test/memoryArchive.ts';
import { build, engine, makeSources, signer, trust } from '../../test/sample.ts';
import { BundleRefusal } from './bundleRefusal.ts';
import { ArchiveFault, manifestBytesMax } from './bundleSource.ts';
import { fileBytesMax, openBundle } from './openBundle.ts';
import { writeSeal } from './seal.ts';
import type { Trust } from './trust.ts';

const bundle = await build();
const other = await build(makeSources({ 'policies/refunds.cedar': undefined }));
const stranger = generateKey(signer.verifier.name);
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

const flip = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, index) => (index === at ? byte ^ 0x20 : byte));

const codeOf = async (
  source: MemoryArchive,
  digest = bundle.digest,
  change: Partial<Trust> = {},
): Promise<string> =>
  openBundle(source, digest, { ...trust, ...change }).then(
    () => 'opened',
    (error: unknown) => (error instanceof BundleRefusal ? error.code : String(error)),
  );

describe('openBundle', () => {
  it('gives everything that was built, and nothing else', async () => {
    const opened = await openBundle(archive(bundle), bundle.digest, trust);
    expect(opened.digest).toBe(bundle.digest);
    expect(opened.manifest).toEqual(bundle.manifest);
    expect(opened.policyFiles.map(({ path }) => path)).toEqual([
      'policies/common.cedar',
      'policies/guardrails/approved.cedar',
      'policies/refunds.cedar',
    ]);
    expect(opened.catalogs.map(({ server }) => server.id)).toEqual(['github', 'stripe']);
    expect(opened.settings.counters).toEqual([{ name: 'hour', key: 'person', windowSeconds: 3600 }]);
    expect(opened.entities.map(({ uid }) => uid.id)).toContain('stripe/create_refund');
    expect(digestOf(opened.engineBytes)).toBe(engine.digest);
  });

  it('leaves out what evaluates where only the offer is read, and takes nothing else on trust', async () => {
    const source = archive(bundle);
    const whole = await openBundle(source, bundle.digest, trust);
    for (const path of Object.keys(bundle.manifest.files).filter((name) => name.startsWith('policies/')))
      source.blobs.delete(bundle.manifest.files[path] as Digest);
    source.blobs.delete(engine.digest);
    const offer = await openBundle(source, bundle.digest, trust, 'offer');
    expect(offer).toEqual({ ...whole, policyFiles: [], engineBytes: new Uint8Array() });
    const catalog = bundle.manifest.files['catalog/stripe.json'] as Digest;
    source.blobs.set(catalog, flip(source.blobs.get(catalog) as Uint8Array, 9));
    await expect(openBundle(source, bundle.digest, trust, 'offer')).rejects.toMatchObject({
      code: 'bundle_tampered',
    });
    const guardrails = new Map([...trust.guardrails, ['missing', digestOf('x')] as const]);
    await expect(openBundle(source, bundle.digest, { ...trust, guardrails }, 'offer')).rejects.toMatchObject({
      code: 'bundle_missing_guardrail',
    });
  });

  it('opens a bundle that several publishers signed, for whoever trusts one of them', async () => {
    const source = archive(bundle, stranger);
    const seal = { organisation: 'acme', bundle: bundle.digest };
    const both = writeSeal(seal, signer, source.signatures.get(bundle.digest));
    source.signatures.set(bundle.digest, both);
    expect(await codeOf(source)).toBe('opened');
    expect(await codeOf(source, bundle.digest, { verifiers: [stranger.verifier] })).toBe('opened');
    expect(writeSeal(seal, signer, both)).toEqual(both);
  });

  it('refuses every file with a byte changed, and the engine too', async () => {
    for (const [digest, bytes] of bundle.blobs) {
      for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
        const source = archive(bundle);
        source.blobs.set(digest, flip(bytes, at));
        expect(await codeOf(source)).toBe('bundle_tampered');
      }
    }
  });

  it('refuses to open while any file is missing', async () => {
    for (const digest of bundle.blobs.keys()) {
      const source = archive(bundle);
      source.blobs.delete(digest);
      expect(await codeOf(source)).toBe('bundle_incomplete');
    }
  });

  it('refuses every signature with a byte changed', async () => {
    const signature = writeSeal({ organisation: 'acme', bundle: bundle.digest }, signer);
    for (let at = 0; at < signature.length; at += 1) {
      const source = archive(bundle);
      source.signatures.set(bundle.digest, flip(signature, at));
      expect(await codeOf(source)).toMatch(/^bundle_(?:unsigned|tampered)$/);
    }
  });

  const { digest } = bundle;
  it.each<[string, (source: MemoryArchive) => unknown, string]>([
    ['no signature', (source) => source.signatures.delete(digest), 'bundle_unsigned'],
    ['no manifest', (source) => source.manifests.delete(digest), 'bundle_incomplete'],
    [
      'a truncated manifest',
      (source) => source.manifests.set(digest, bundle.manifestBytes.subarray(0, -1)),
      'bundle_tampered',
    ],
    [
      'the manifest of another bundle',
      (source) => source.manifests.set(digest, other.manifestBytes),
      'bundle_tampered',
    ],
    [
      'the signature of another bundle',
      (source) =>
        source.signatures.set(digest, writeSeal({ organisation: 'acme', bundle: other.digest }, signer)),
      'bundle_tampered',
    ],
    [
      "the signature of a stranger under the publisher's name",
      (source) =>
        source.signatures.set(digest, writeSeal({ organisation: 'acme', bundle: digest }, stranger)),
      'bundle_unsigned',
    ],
    [
      'a signature for another organisation',
      (source) => source.signatures.set(digest, writeSeal({ organisation: 'evil', bundle: digest }, signer)),
      'bundle_foreign',
    ],
    [
      'a head for a signature',
      (source) =>
        source.signatures.set(
          digest,
          signJson('cardea/head/1', { bundle: digest, organisation: 'acme', seq: 1 }, signer),
        ),
      'bundle_tampered',
    ],
    [
      'a file beyond the limit',
      (source) =>
        source.blobs.set(bundle.manifest.files['cardea.json'] as Digest, new Uint8Array(fileBytesMax + 1)),
      'bundle_too_large',
    ],
    [
      'an archive that does not answer',
      (source) => {
        source.readManifest = () => Promise.reject(new ArchiveFault('archive_unreachable', 'silence'));
      },
      'bundle_unreachable',
    ],
  ])('refuses %s', async (_, tamper, code) => {
    const source = archive(bundle);
    tamper(source);
    expect(await codeOf(source)).toBe(code);
  });

  it.each<[string, Partial<Trust>, string]>([
    ['another organisation', { organisation: 'other' }, 'bundle_foreign'],
    ['another profile', { profile: 'plain' }, 'bundle_foreign'],
    ['another publisher', { verifiers: [stranger.verifier] }, 'bundle_unsigned'],
    ['nobody', { verifiers: [] }, 'bundle_unsigned'],
    ['an older engine only', { engines: new Set([digestOf('4.5.0')]) }, 'bundle_untrusted_engine'],
    [
      'a guardrail that the bundle lacks',
      { guardrails: new Map([['new', digestOf('forbid')]]) },
      'bundle_missing_guardrail',
    ],
    [
      'a guardrail in other words',
      { guardrails: new Map([['everyone-reads', digestOf('forbid')]]) },
      'bundle_missing_guardrail',
    ],
    [
      'no guardrail at all, which in profile mcp is a mistake',
      { guardrails: new Map() },
      'bundle_missing_guardrail',
    ],
  ])('refuses it where one trusts %s', async (_, change, code) => {
    expect(await codeOf(archive(bundle), bundle.digest, change)).toBe(code);
  });
});

describe('openBundle refuses, though a trusted publisher signed it,', () => {
  const { manifest } = bundle;
  const someFile = manifest.files['policies/refunds.cedar'] as Digest;
  const withFile = (path: string): object => ({
    ...manifest,
    files: { ...manifest.files, [path]: someFile },
  });
  const replaced = (path: string, content: string): [object, Uint8Array] => {
    const bytes = text(content);
    return [{ ...manifest, files: { ...manifest.files, [path]: digestOf(bytes) } }, bytes];
  };

  it.each([
    '../outside.cedar',
    'policies/../../outside.cedar',
    'policies/../cardea.cedar',
    'policies//double.cedar',
    '/policies/absolute.cedar',
    'policies/.hidden.cedar',
    'policies\\windows.cedar',
    'policies/sub\u0000nul.cedar',
    'policies/caf\u00e9.cedar',
    'policies/a.cedar.exe',
    'policies/.cedar',
    'catalog/../policies/a.json',
    'catalog/UPPER.json',
    'engine.wasm',
    '__proto__',
    'constructor',
    '',
    `policies/${'a/'.repeat(9)}deep.cedar`,
    `policies/${'a'.repeat(101)}.cedar`,
  ])('a file called %j', async (path) => {
    const { source, digest } = archiveForged(bundle, withFile(path));
    expect(await codeOf(source, digest)).toBe('bundle_tampered');
  });

  it.each<[string, object | Uint8Array, string]>([
    ['a manifest that is not canonical', text(JSON.stringify(manifest, null, 1)), 'bundle_tampered'],
    [
      'a manifest with a key twice',
      text(new TextDecoder().decode(bundle.manifestBytes).replace('{', '{"format":"cardea-bundle/1",')),
      'bundle_tampered',
    ],
    ['a manifest with a field more', { ...manifest, note: 'x' }, 'bundle_tampered'],
    ['a manifest of another format', { ...manifest, format: 'cardea-bundle/2' }, 'bundle_tampered'],
    [
      'a digest that is none',
      { ...manifest, files: { ...manifest.files, 'cardea.json': 'sha256:0' } },
      'bundle_tampered',
    ],
    [
      'a policy id of two lines',
      { ...manifest, policies: { ...manifest.policies, 'a\nb': someFile } },
      'bundle_tampered',
    ],
    ['a manifest that is too large', new Uint8Array(manifestBytesMax + 1).fill(0x20), 'bundle_tampered'],
    ['no JSON', text('engine'), 'bundle_tampered'],
    ['a manifest of another organisation', { ...manifest, organisation: 'other' }, 'bundle_foreign'],
    ['a manifest of another profile', { ...manifest, profile: 'plain' }, 'bundle_foreign'],
    ['rules that this program does not have', { ...manifest, semantics: 2 }, 'bundle_unknown_semantics'],
    [
      'an engine nobody trusts',
      { ...manifest, engine: { ...manifest.engine, digest: someFile } },
      'bundle_untrusted_engine',
    ],
    ['a manifest without the guardrail', { ...manifest, policies: {} }, 'bundle_missing_guardrail'],
    ['no project file', { ...manifest, files: {} }, 'bundle_unusable'],
  ])('%s', async (_, forged, code) => {
    const { source, digest } = archiveForged(bundle, forged);
    expect(await codeOf(source, digest)).toBe(code);
  });

  it.each<[string, [object, Uint8Array]]>([
    [
      'a project of another organisation',
      replaced('cardea.json', '{"organisation":"other","profile":"mcp"}'),
    ],
    ['a project of another profile', replaced('cardea.json', '{"organisation":"acme","profile":"plain"}')],
    ['a project that is no JSON', replaced('cardea.json', 'acme')],
    ['a catalog that is none', replaced('catalog/stripe.json', '{}')],
    [
      "another server's catalog",
      replaced('catalog/stripe.json', '{"server":{"id":"github","owner":"a","risk":"b","environment":"c"}}'),
    ],
  ])('%s', async (_, [forged, file]) => {
    const { source, digest } = archiveForged(bundle, forged, { files: [file] });
    expect(await codeOf(source, digest)).toBe('bundle_unusable');
  });

  it('policies that are not UTF-8', async () => {
    const bytes = Uint8Array.of(0xff);
    const forged = { ...manifest, files: { ...manifest.files, 'policies/refunds.cedar': digestOf(bytes) } };
    const { source, digest } = archiveForged(bundle, forged, { files: [bytes] });
    expect(await codeOf(source, digest)).toBe('bundle_unusable');
  });
});
