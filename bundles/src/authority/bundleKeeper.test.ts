import { afterEach, describe, expect, it } from '@jest/globals';
import { digestOf, type Digest } from '@cardea/schemas/digest';
import { BundleRefusal } from '../open/bundleRefusal.ts';
import { BundleKeeper } from './bundleKeeper.ts';

const [one, two, bad] = ['one', 'two', 'bad'].map(digestOf) as [Digest, Digest, Digest];

/** What was told, in order. */
const told: string[] = [];
const names = new Map([
  [one, 'one'],
  [two, 'two'],
  [bad, 'bad'],
]);
let keeper: BundleKeeper<Digest>;
/** Refused while it is in here. */
const refused = new Map<Digest, string>();
let attempts = 0;

function makeKeeper(retryMs = 60_000): BundleKeeper<Digest> {
  told.length = 0;
  refused.clear();
  attempts = 0;
  const tell =
    (what: string) =>
    (digest: Digest, code?: string): void => {
      told.push([what, names.get(digest), code].filter(Boolean).join(' '));
    };
  keeper = new BundleKeeper({
    load: (digest) => {
      attempts += 1;
      const code = refused.get(digest);
      if (code === 'fault') return Promise.reject(new Error('a fault'));
      if (code === 'bundle_tampered') return Promise.reject(new BundleRefusal(code, 'no'));
      return Promise.resolve(digest);
    },
    deploy: (digest) => (refused.get(digest) === 'unusable' ? 'it does not fit' : undefined),
    onLoaded: tell('loaded'),
    onRefused: tell('refused'),
    onKept: tell('kept'),
    retryMs,
  });
  return keeper;
}

/** Until the keeper has nothing to do, or waits. */
const rest = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

afterEach(() => keeper.close());

describe('BundleKeeper', () => {
  it('loads what is wanted, once', async () => {
    makeKeeper().want(one);
    keeper.want(one);
    await keeper.settle();
    keeper.want(one);
    await rest();
    expect([told, attempts]).toEqual([['loaded one'], 1]);
  });

  it.each([
    ['bundle_tampered', 'bundle_tampered'],
    ['fault', 'internal_fault'],
    ['unusable', 'bundle_unusable'],
  ])('keeps the one before where the next is refused: %s', async (how, code) => {
    makeKeeper().want(one);
    await keeper.settle();
    refused.set(bad, how);
    keeper.want(bad);
    await rest();
    expect(told).toEqual(['loaded one', `refused bad ${code}`]);
  });

  it('says that nothing is wrong once the one that serves is wanted again', async () => {
    makeKeeper().want(one);
    await keeper.settle();
    refused.set(bad, 'bundle_tampered');
    keeper.want(bad);
    await rest();
    keeper.want(one);
    keeper.want(one);
    await rest();
    expect(told).toEqual(['loaded one', 'refused bad bundle_tampered', 'kept one']);
  });

  it('does not report the refusal of one that nobody wants any more', async () => {
    makeKeeper().want(one);
    await keeper.settle();
    refused.set(bad, 'bundle_tampered');
    keeper.want(bad);
    keeper.want(one);
    await rest();
    expect(told).toEqual(['loaded one']);
  });

  it('tries again while it stays wanted', async () => {
    refused.clear();
    makeKeeper(1).want(one);
    await keeper.settle();
    refused.set(bad, 'bundle_tampered');
    keeper.want(bad);
    while (attempts < 4) await new Promise((resolve) => setTimeout(resolve, 1));
    refused.clear();
    while (!told.includes('loaded bad')) await new Promise((resolve) => setTimeout(resolve, 1));
  });

  it('lets another one wait for no further attempt at a refused one', async () => {
    makeKeeper().want(one);
    await keeper.settle();
    refused.set(bad, 'bundle_tampered');
    keeper.want(bad);
    await rest();
    keeper.want(two);
    await rest();
    expect(told).toEqual(['loaded one', 'refused bad bundle_tampered', 'loaded two']);
  });

  it('closes while it waits', async () => {
    makeKeeper();
    refused.set(bad, 'bundle_tampered');
    keeper.want(bad);
    await rest();
    await keeper.close();
    expect(attempts).toBe(1);
  });
});
