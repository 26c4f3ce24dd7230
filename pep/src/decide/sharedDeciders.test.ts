// Two proxies over one store: what one was told the other need not ask.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { parseStrictJson, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { sampleIdentity } from '../../test/sampleIdentity.ts';
import { currentBundle, SharedScene, startMs } from '../../test/sharedScene.ts';
import type { Circumstances } from '../facts/callFacts.ts';
import { Decider } from './decider.ts';
import { skewMsMax } from './shared/sharedCache.ts';
import { VerdictCache } from './verdictCache.ts';
import type { Verdict } from './verdict.ts';

interface Proxy {
  readonly decide: (input?: string, change?: Partial<Circumstances>) => Promise<Verdict>;
  readonly sources: string[];
  asked: number;
}

let scene: SharedScene;
let steadyMs: number;
let dependsOn: string[];
let lifetimeMs: number | undefined;

beforeEach(() => {
  scene = new SharedScene();
  steadyMs = 0;
  dependsOn = ['/input/amount'];
  lifetimeMs = 60_000;
});

function answer(question: JsonObject): JsonValue {
  const { input } = question['context'] as { input: JsonObject };
  const isAllowed = Number(input['amount'] ?? 0) <= 100;
  const expires =
    lifetimeMs === undefined ? {} : { expires: new Date(scene.nowMs + lifetimeMs).toISOString() };
  return {
    decision: isAllowed,
    context: {
      verdict: isAllowed ? 'allow' : 'deny',
      code: isAllowed ? 'allowed' : 'forbidden',
      message: 'so it is',
      reasons: [],
      bundle: currentBundle,
      dependsOn,
      ...expires,
      decisionId: `d-${JSON.stringify(input)}`,
    },
  };
}

function makeProxy(): Proxy {
  const proxy = { sources: [] as string[], asked: 0 };
  const decider = new Decider({
    endpoint: {
      ask: (_, body) => {
        proxy.asked += 1;
        return Promise.resolve(answer(parseStrictJson(body) as JsonObject));
      },
    },
    cache: new VerdictCache(1_000, () => steadyMs),
    shared: scene.makeCache(),
    isFresh: () => scene.current !== undefined,
    now: () => scene.nowMs,
    onDecided: (source) => proxy.sources.push(source),
  });
  const decide = async (input = '{"amount":1}', change: Partial<Circumstances> = {}): Promise<Verdict> =>
    decider.decide(currentBundle, {
      identity: sampleIdentity('ann'),
      target: {
        method: 'tools/call',
        type: 'Tool',
        id: 'desk/refund',
        input: parseStrictJson(input) as JsonObject,
      },
      nowMs: scene.nowMs,
      session: { id: 's', createdMs: startMs, usedMs: startMs },
      address: '',
      client: '',
      protocol: '',
      ...change,
    });
  return Object.assign(proxy, { decide });
}

describe('two proxies', () => {
  it('ask once for both, the second one not even for what is read', async () => {
    const [one, other] = [makeProxy(), makeProxy()];
    const first = await one.decide();
    expect(await other.decide('{"amount":1,"note":"unread"}')).toEqual(first);
    expect([one.asked, other.asked, other.sources]).toEqual([1, 0, ['shared']]);
    expect(await other.decide()).toEqual(first);
    expect(other.sources).toEqual(['shared', 'cache']);
  });

  it('tell allow from deny as the service does', async () => {
    const [one, other] = [makeProxy(), makeProxy()];
    for (const amount of [1, 100, 101, 5_000]) {
      const input = `{"amount":${amount}}`;
      expect((await one.decide(input)).kind).toBe(amount <= 100 ? 'allow' : 'deny');
      expect((await other.decide(input)).kind).toBe(amount <= 100 ? 'allow' : 'deny');
    }
    expect(other.asked).toBe(0);
  });

  it('are as many flights as questions differ, each looked up once', async () => {
    const [one, other] = [makeProxy(), makeProxy()];
    for (let at = 0; at < 4; at += 1) await one.decide(`{"amount":${at}}`);
    scene.outcomes.length = 0;
    await Promise.all(Array.from({ length: 64 }, (_, at) => other.decide(`{"amount":${at % 8}}`)));
    expect(other.asked).toBe(4);
    const count = (outcome: string): number => scene.outcomes.filter((found) => found === outcome).length;
    expect(['paths hit', 'verdict hit', 'verdict absent', 'verdict kept'].map(count)).toEqual([1, 4, 4, 4]);
  });

  it('keep a shared verdict for what is left of its life', async () => {
    const [one, other] = [makeProxy(), makeProxy()];
    await one.decide();
    scene.nowMs += 40_000;
    await other.decide();
    steadyMs += 20_000 - skewMsMax - 1;
    await other.decide();
    expect(other.sources).toEqual(['shared', 'cache']);
    steadyMs += 1;
    scene.nowMs += 20_000 - skewMsMax;
    await other.decide();
    expect(other.sources).toEqual(['shared', 'cache', 'service']);
  });

  it('share nothing between people', async () => {
    const [one, other] = [makeProxy(), makeProxy()];
    await one.decide();
    await other.decide(undefined, { identity: sampleIdentity('bob') });
    await other.decide(undefined, { identity: sampleIdentity('ann', { person: { id: 'ann', groups: [] } }) });
    expect(other.asked).toBe(2);
  });

  it.each([
    ['one grant serves for another where no grant is read', ['/input/amount'], 0],
    ['each grant is one of its own where one is', ['/input/amount', '/grant/effects'], 1],
  ])('%s', async (_, paths, asked) => {
    dependsOn = paths;
    const [one, other] = [makeProxy(), makeProxy()];
    await one.decide();
    await other.decide(undefined, { identity: sampleIdentity('ann', { id: 'another', effects: ['write'] }) });
    expect(other.asked).toBe(asked);
  });

  it.each([
    ['has no expiry', undefined, ['/input/amount']],
    ['reads a clock', 60_000, ['/request/time']],
  ])('share nothing that %s', async (_, life, paths) => {
    lifetimeMs = life;
    dependsOn = paths;
    const [one, other] = [makeProxy(), makeProxy()];
    await one.decide();
    await other.decide();
    expect([other.asked, scene.shelf.keys]).toEqual([1, []]);
  });

  it.each(['unreachable', 'timed_out', 'refused', 'overloaded'] as const)(
    'ask the service where the store is %s',
    async (why) => {
      const [one, other] = [makeProxy(), makeProxy()];
      await one.decide();
      scene.shelf.failure = why;
      expect(await other.decide()).toMatchObject({ kind: 'allow' });
      expect(other.sources).toEqual(['service']);
    },
  );

  it('neither look nor leave anything while it is not known what is current', async () => {
    const [one, other] = [makeProxy(), makeProxy()];
    await one.decide();
    scene.current = undefined;
    await other.decide();
    await other.decide('{"amount":2}');
    expect([other.asked, scene.shelf.keys.length]).toEqual([2, 1]);
  });
});
