import { describe, expect, it } from '@jest/globals';
import { digestOf } from '@cardea/schemas/digest';
import fc from 'fast-check';
import { build, files, github, makeSources, project } from '../../test/sample.ts';
import { loadEngine } from '../activate.ts';
import { readManifest } from '../open/manifest.ts';
import { viewBuilt } from '../publish.ts';

type Change = Readonly<Record<string, string | undefined>>;

const json = (value: object): string => JSON.stringify(value);

describe('buildBundle', () => {
  it('makes a manifest whose canonical bytes give the name, and a blob for each digest in it', async () => {
    const bundle = await build();
    const manifest = readManifest(bundle.manifestBytes);
    expect(bundle.digest).toBe(digestOf(bundle.manifestBytes));
    expect(manifest).toMatchObject({ organisation: 'acme', profile: 'mcp', semantics: 1 });
    expect(Object.keys(manifest.files).sort()).toEqual(Object.keys(files).sort());
    expect(Object.keys(manifest.policies)).toHaveLength(5);
    for (const digest of [...Object.values(manifest.files), manifest.engine.digest]) {
      expect(digestOf(bundle.blobs.get(digest) ?? '')).toBe(digest);
    }
  });

  it('gives the same sources the same name, in whatever order they come', async () => {
    const { digest } = await build();
    const entries = [...makeSources().files];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(entries, { minLength: entries.length }), async (shuffled) => {
        const again = await build({ files: new Map(shuffled), tests: new Map() });
        expect(again.digest).toBe(digest);
        expect(again.manifestBytes).toEqual((await build()).manifestBytes);
      }),
      { numRuns: 5 },
    );
  });

  it.each<[string, Change]>([
    [
      'a comment in a policy file',
      { 'policies/common.cedar': `${files['policies/common.cedar'] ?? ''}// More.\n` },
    ],
    [
      'a setting',
      {
        'cardea.json': json({
          ...project,
          settings: { counters: [{ ...project.settings.counters[0], windowSeconds: 60 }] },
        }),
      },
    ],
    ['a description in a catalog', { 'catalog/github.json': json(github).replace('Does', 'did') }],
  ])('gives another name after a change of %s', async (_, change) => {
    expect((await build(makeSources(change))).digest).not.toBe((await build()).digest);
  });

  it('leaves tests out of the name', async () => {
    const tests = new Map([['tests/a.json', new Uint8Array(3)]]);
    expect((await build({ ...makeSources(), tests })).digest).toBe((await build()).digest);
  });

  it('builds what decides', async () => {
    const ready = await loadEngine(viewBuilt(await build()));
    const tuple = {
      principal: { type: 'Person', id: 'ann' },
      action: { type: 'Action', id: 'stripe/create_refund' },
      resource: { type: 'Tool', id: 'stripe/create_refund' },
      entities: [
        { uid: { type: 'Person', id: 'ann' }, attrs: {}, parents: [{ type: 'Group', id: 'support' }] },
      ],
    };
    const decide = (amount: number): string =>
      ready.decide({ ...tuple, context: { input: { amount } }, supplied: [], approved: [] }).kind;
    expect([decide(1), decide(7_000), decide(20_000)]).toEqual(['allow', 'hold', 'deny']);
  });
});
