// Whoever owns the store may do what they like with it: what is found is what the service said to this very question
// within its life, or nothing.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { ask, paths, said, SharedScene, startMs } from '../../../test/sharedScene.ts';
import { Secret } from '../../config/secret.ts';
import type { RedisFailure } from '../../redis/redisAnswer.ts';
import { writeVerdict } from './entryContent.ts';
import { EntryKeys } from './entryKeys.ts';
import { sealEntry } from './sealedEntry.ts';
import { skewMsMax } from './sharedCache.ts';
import { writeVerdictSubject } from './subject.ts';

let scene: SharedScene;

beforeEach(() => {
  scene = new SharedScene();
});

describe('a hostile store', () => {
  const hour = 3_600_000;

  /** As somebody would seal it who has the key of a server. */
  function seal(
    life: { issuedMs: number; expiresMs: number },
    value = said('allow'),
    server = 'desk',
    root = 'r',
  ): Buffer {
    const subject = writeVerdictSubject('acme', ask(), paths) as Uint8Array;
    const keys = new EntryKeys('acme', [() => new Secret(root.repeat(32))]);
    return sealEntry(writeVerdict({ subject, ...life, value }), keys.writing(server));
  }

  const life = { issuedMs: startMs, expiresMs: startMs + 60_000 };

  it.each<[string, string, () => Buffer | undefined]>([
    ['nothing', 'absent', () => undefined],
    ['no entry', 'malformed', () => Buffer.from('allow')],
    ['an entry of another server', 'forged', () => seal(life, said('allow'), 'stripe')],
    ['an entry under a key of its own', 'unknown_key', () => seal(life, said('allow'), 'desk', 'x')],
    ['more than an entry can be', 'too_large', () => Buffer.alloc(hour)],
    [
      'one from the future',
      'early',
      () => seal({ issuedMs: startMs + skewMsMax + 1, expiresMs: startMs + 30_000 }),
    ],
    ['one from the past', 'expired', () => seal({ issuedMs: startMs - 60_000, expiresMs: startMs })],
    ['one that lives too long', 'overlong', () => seal({ issuedMs: startMs, expiresMs: startMs + 60_001 })],
    [
      'a denial that lives too long',
      'overlong',
      () => seal({ issuedMs: startMs, expiresMs: startMs + 10_001 }, said('deny')),
    ],
    ['a hold', 'malformed', () => seal(life, said('hold'))],
    ['a contradiction', 'malformed', () => seal(life, said('allow', { code: 'forbidden' }))],
    ['a code that is none', 'malformed', () => seal(life, said('deny', { code: 'constructor' as never }))],
  ])('gives a miss with %s: %s', async (_, outcome, entry) => {
    const cache = scene.makeCache();
    cache.keep(ask(), paths, said('deny'), false);
    const [key = ''] = scene.shelf.keys;
    const bytes = entry();
    if (bytes === undefined) scene.shelf.entries.clear();
    else scene.shelf.entries.set(key, bytes);
    expect(await cache.find(ask(), paths)).toBeUndefined();
    expect(scene.outcomes.at(-1)).toBe(`verdict ${outcome}`);
  });

  it('moves no entry to another question', async () => {
    const cache = scene.makeCache();
    cache.keep(ask(), paths, said('deny'), false);
    const [denied = ''] = scene.shelf.keys;
    cache.keep(ask({ person: 'bob' }), paths, said('allow'), true);
    const [, allowed = ''] = scene.shelf.keys;
    scene.shelf.entries.set(denied, scene.shelf.entries.get(allowed) ?? Buffer.alloc(0));
    expect(await cache.find(ask(), paths)).toBeUndefined();
    expect(scene.outcomes.at(-1)).toBe('verdict foreign');
    const [list = ''] = [...scene.shelf.entries.keys()].filter((key) => key.startsWith('paths:'));
    scene.shelf.entries.set(denied, scene.shelf.entries.get(list) ?? Buffer.alloc(0));
    expect(await cache.find(ask(), paths)).toBeUndefined();
    scene.shelf.entries.set(list, scene.shelf.entries.get(allowed) ?? Buffer.alloc(0));
    expect(await cache.findPaths(ask({ person: 'bob' }))).toBeUndefined();
  });

  it.each<[string, string, string]>([
    ['organisation', 'acme2', 'r'],
    ['root key', 'acme', 'x'],
  ])('shows nothing of another %s', async (_, organisation, root) => {
    scene.makeCache(organisation, root).keep(ask(), paths, said('allow'), false);
    const cache = scene.makeCache();
    cache.keep(ask(), paths, said('deny'), false);
    const [theirs = '', ours = theirs] = scene.shelf.keys;
    const entry = scene.shelf.entries.get(theirs) ?? Buffer.alloc(0);
    if (organisation !== 'acme') scene.shelf.entries.set(ours, entry);
    else scene.makeCache(organisation, root).keep(ask(), paths, said('allow'), false);
    expect(await cache.find(ask(), paths)).toBeUndefined();
  });

  it('does nothing by a bit, or by an end that comes too soon', async () => {
    const cache = scene.makeCache();
    cache.keep(ask(), paths, said('allow'), false);
    const [key = ''] = scene.shelf.keys;
    const entry = scene.shelf.entries.get(key) ?? Buffer.alloc(0);
    for (let at = 0; at < entry.length; at += 1) {
      const flipped = Buffer.from(entry);
      flipped[at] = (flipped[at] ?? 0) ^ 0x10;
      for (const bytes of [flipped, entry.subarray(0, at)]) {
        scene.shelf.entries.set(key, bytes);
        expect(await cache.find(ask(), paths)).toBeUndefined();
      }
    }
    scene.shelf.entries.set(key, entry);
    expect(await cache.find(ask(), paths)).toBeDefined();
  });

  it.each<RedisFailure>(['unreachable', 'timed_out', 'refused', 'overloaded'])(
    'is counted when it is %s',
    async (why) => {
      const cache = scene.makeCache();
      scene.shelf.failure = why;
      cache.keep(ask(), paths, said('allow'), true);
      expect(await cache.find(ask(), paths)).toBeUndefined();
      expect(await cache.findPaths(ask())).toBeUndefined();
      expect(scene.outcomes.sort()).toEqual([
        `paths ${why}`,
        `paths ${why}`,
        `verdict ${why}`,
        `verdict ${why}`,
      ]);
    },
  );
});
