import { describe, expect, it } from '@jest/globals';
import { digestOf } from '@cardea/schemas/digest';
import { build, engine, makeSources, plainFiles } from '../test/sample.ts';
import { compileBundle, EngineModules, loadEngine, makeEngine } from './activate.ts';
import { BundleRefusal } from './open/bundleRefusal.ts';
import type { OpenedBundle } from './open/openBundle.ts';
import { viewBuilt } from './publish.ts';

const opened = viewBuilt(await build());
const { manifest, policyFiles } = opened;

const codeOf = async (change: Partial<OpenedBundle>): Promise<string> =>
  loadEngine({ ...opened, ...change }).then(
    () => 'loaded',
    (error: unknown) => (error instanceof BundleRefusal ? error.code : String(error)),
  );

const ann = { type: 'Person', id: 'ann' };
const request = {
  principal: ann,
  action: { type: 'Action', id: 'github/list_issues' },
  resource: { type: 'Tool', id: 'github/list_issues' },
  entities: [],
  context: { input: {} },
  supplied: [],
  approved: [],
};

describe('loadEngine', () => {
  it('gives an engine that decides by the bundle', async () => {
    const ready = await loadEngine(opened);
    expect(ready.decide(request)).toMatchObject({ kind: 'allow' });
  });

  it('asks for the facts that policies of profile mcp read', async () => {
    const uid = 'stripe/delete_customer';
    const destructive = {
      ...request,
      action: { type: 'Action', id: uid },
      resource: { type: 'Tool', id: uid },
    };
    expect((await loadEngine(opened)).decide(destructive)).toMatchObject({
      kind: 'needs',
      families: ['usage'],
    });
  });

  it('decides over any schema in profile plain', async () => {
    const plain = await build(
      makeSources(
        {
          'entities.json': JSON.stringify([
            { uid: { type: 'Doc', id: 'plan' }, attrs: { owner: { type: 'User', id: 'ann' } }, parents: [] },
          ]),
        },
        plainFiles,
      ),
      { guardrails: new Map() },
    );
    const ready = await loadEngine(viewBuilt(plain));
    const read = {
      action: { type: 'Action', id: 'read' },
      resource: { type: 'Doc', id: 'plan' },
      context: {},
    };
    const decide = (id: string): string =>
      ready.decide({ ...request, ...read, principal: { type: 'User', id } }).kind;
    expect([decide('ann'), decide('bob')]).toEqual(['allow', 'deny']);
  });

  it('makes engines of what was compiled elsewhere', async () => {
    const compiled = structuredClone(await compileBundle(opened));
    expect(makeEngine({ ...compiled, module: engine.module }).decide(request)).toMatchObject({
      kind: 'allow',
    });
  });

  it('compiles an engine once', async () => {
    const modules = new EngineModules();
    const first = await compileBundle(opened, modules);
    const second = await compileBundle({ ...opened, digest: digestOf('other') }, modules);
    expect(second.module).toBe(first.module);
  });

  const lie = (policies: object): Partial<OpenedBundle> => ({
    manifest: { ...manifest, policies: { ...manifest.policies, ...policies } },
  });
  const [first] = policyFiles;
  const withText = (text: string): Partial<OpenedBundle> => ({
    policyFiles: [...policyFiles, { path: 'policies/z.cedar', text }],
  });
  it.each<[string, Partial<OpenedBundle>, string]>([
    [
      'a manifest with a guardrail that no file holds',
      lie({ 'guardrail-new': digestOf('forbid') }),
      'bundle_tampered',
    ],
    [
      'a manifest with another text for a policy',
      lie({ 'everyone-reads': digestOf('permit') }),
      'bundle_tampered',
    ],
    [
      'a policy that the manifest does not list',
      withText('@id("z") permit (principal, action, resource);'),
      'bundle_tampered',
    ],
    [
      'a policy twice',
      { policyFiles: [...policyFiles, ...(first === undefined ? [] : [first])] },
      'bundle_tampered',
    ],
    ['fewer policies than listed', { policyFiles: [] }, 'bundle_tampered'],
    ['a policy that does not parse', withText('permit'), 'bundle_unusable'],
    ['a policy that does not compile', withText('permit (principal, action, resource);'), 'bundle_unusable'],
    ['an engine that is none', { engineBytes: Uint8Array.of(0, 1, 2) }, 'bundle_unusable'],
    [
      'an engine with other imports',
      { engineBytes: Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0) },
      'bundle_unusable',
    ],
    [
      'an engine of another version',
      { manifest: { ...manifest, engine: { ...manifest.engine, version: '4.5.0' } } },
      'bundle_unusable',
    ],
  ])('refuses %s', async (_, change, code) => {
    expect(await codeOf(change)).toBe(code);
  });
});
