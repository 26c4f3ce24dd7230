// What was said to one proxy is heard by another that asks the same, within its life; what may not be shared is not.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { ask, paths, said, SharedScene, startMs, type Asking } from '../../../test/sharedScene.ts';
import { readPaths } from '../fingerprint.ts';
import { entryBytesMax } from './sealedEntry.ts';
import { skewMsMax } from './sharedCache.ts';
import type { SharedAnswer } from './sharedVerdicts.ts';

let scene: SharedScene;

beforeEach(() => {
  scene = new SharedScene();
});

describe('what was said to one proxy', () => {
  it.each(['allow', 'deny'] as const)(
    'is heard by another, with all that belongs to it: %s',
    async (verdict) => {
      scene.makeCache().keep(ask(), paths, said(verdict), true);
      const other = scene.makeCache();
      expect(await other.findPaths(ask())).toEqual(['/input/a']);
      const lifetimeMs = verdict === 'allow' ? 60_000 : 10_000;
      expect(await other.find(ask(), paths)).toEqual({
        ...said(verdict),
        expires: new Date(startMs + lifetimeMs - skewMsMax).toISOString(),
      });
      expect(scene.shelf.lifetimes).toEqual([lifetimeMs, 3_600_000]);
      expect(scene.outcomes).toEqual(['verdict kept', 'paths kept', 'paths hit', 'verdict hit']);
    },
  );

  it('has what is left of its life, and none after that', async () => {
    const cache = scene.makeCache();
    cache.keep(ask(), paths, said('allow', { expires: new Date(startMs + 20_000).toISOString() }), false);
    scene.nowMs += 15_000;
    const found = await cache.find(ask(), paths);
    expect(Date.parse(found?.expires ?? '') - scene.nowMs).toBe(5_000 - skewMsMax);
    scene.nowMs = startMs + 20_000 - skewMsMax;
    expect(await cache.find(ask(), paths)).toBeUndefined();
    expect(scene.outcomes.at(-1)).toBe('verdict expired');
  });

  it.each<[string, SharedAnswer]>([
    ['a hold', said('hold')],
    ['needs', said('needs', {})],
    ['an error of a policy', said('deny', { code: 'policy_error' })],
    ['a fault of the engine', said('deny', { code: 'engine_fault' })],
    ['what has no expiry', { ...said('allow'), expires: undefined }],
    ['what has expired', said('allow', { expires: new Date(startMs).toISOString() })],
    ['what is too long', said('deny', { message: 'x'.repeat(entryBytesMax) })],
  ])('is not shared: %s', (_, answer) => {
    scene.makeCache().keep(ask(), paths, answer, false);
    expect(scene.shelf.entries.size).toBe(0);
  });

  it.each(['', '/request/time', '/session', '/session/idleSeconds', '/usage/hour', '/approvals/people'])(
    'is not shared where %j is read, nor looked for',
    async (pointer) => {
      const cache = scene.makeCache();
      cache.keep(ask(), readPaths([pointer]), said('allow'), false);
      expect(await cache.find(ask(), readPaths([pointer]))).toBeUndefined();
      expect([scene.shelf.entries.size, scene.outcomes]).toEqual([0, []]);
    },
  );

  it.each<[string, Asking]>([
    ['another value', { input: '{"a":2}' }],
    ['no value', { input: '{}' }],
    ['another person', { person: 'bob' }],
    ['another tool', { id: 'desk/other' }],
  ])('is not heard for %s', async (_, change) => {
    const cache = scene.makeCache();
    cache.keep(ask(), paths, said('allow'), false);
    expect(await cache.find(ask(change), paths)).toBeUndefined();
    expect(scene.outcomes.at(-1)).toBe('verdict absent');
  });

  it('is neither heard nor told while it is not known what is current', async () => {
    const cache = scene.makeCache();
    cache.keep(ask(), paths, said('allow'), false);
    const looking = cache.find(ask(), paths);
    scene.current = 'sha256:2';
    expect(await looking).toBeUndefined();
    expect(await cache.find(ask(), paths)).toBeUndefined();
    expect(await cache.findPaths(ask())).toBeUndefined();
    scene.current = undefined;
    cache.keep(ask({ input: '{}' }), paths, said('allow'), true);
    expect(scene.shelf.entries.size).toBe(1);
    expect(scene.outcomes.slice(1)).toEqual(['verdict stale', 'verdict stale', 'paths stale']);
  });

  it('is no failure where it cannot be named', async () => {
    const cache = scene.makeCache();
    const question = { ...ask(), bundle: '\ud800' };
    scene.current = question.bundle;
    cache.keep(question, paths, said('allow'), true);
    expect(await cache.find(question, paths)).toBeUndefined();
    expect(await cache.findPaths(question)).toBeUndefined();
  });
});
