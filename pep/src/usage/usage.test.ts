// What one call adds, and that all of it is reserved or nothing.
import { describe, expect, it } from '@jest/globals';
import type { Counter } from '@cardea/bundles/open';
import { parseStrictJson, type JsonObject } from '@cardea/schemas/json';
import { sampleIdentity } from '../../test/sampleIdentity.ts';
import { listAdditions, type Counting } from './listAdditions.ts';
import { ProcessCounters } from './processCounters.ts';
import { reserveUsage } from './usage.ts';
import type { UsageStore } from './usageStore.ts';

const identity = sampleIdentity('ann');

function calling(id: string, input = '{}'): Counting {
  const target = {
    method: 'tools/call',
    type: 'Tool',
    id,
    input: parseStrictJson(input) as JsonObject,
  } as const;
  return { organisation: 'acme', identity, target };
}

const counter = (name: string, key: Counter['key'], sum?: Counter['sum']): Counter => ({
  name,
  key,
  windowSeconds: 60,
  ...(sum === undefined ? {} : { sum }),
});

const refunds = { tools: ['desk/refund'], argument: '/order/amount' };

describe('listAdditions', () => {
  it('tells whose usage it is by the key of the counter', () => {
    const keys = (['person', 'agent', 'tool', 'server'] as const).flatMap((key) =>
      (listAdditions(counter('c', key), calling('desk/refund')) ?? []).map((addition) => addition.key),
    );
    expect(new Set(keys).size).toBe(4);
    const two = [calling('desk/a'), calling('desk/b')].map(
      (call) => listAdditions(counter('c', 'tool'), call)?.[0]?.key,
    );
    expect(new Set(two).size).toBe(2);
  });

  it('counts for each group that the person is in', () => {
    const groups = ['support', 'night'];
    const person = { ...identity.person, groups };
    const additions = listAdditions(counter('c', 'group'), {
      ...calling('desk/a'),
      identity: { ...identity, person },
    });
    expect(additions).toHaveLength(2);
  });

  it.each([
    ['desk/refund', '{"order":{"amount":12}}', 12],
    ['desk/refund', '{"order":{"amount":12.25}}', 13],
    ['desk/refund', '{"order":{}}', 0],
    ['desk/refund', '{"order":null}', 0],
    ['desk/other', '{"order":{"amount":12}}', 0],
    ['desk/refund', '{"order":{"amount":-1}}', undefined],
    ['desk/refund', '{"order":{"amount":"12"}}', undefined],
    ['desk/refund', '{"order":{"amount":9007199254740993}}', undefined],
    ['desk/refund', '{"order":{"amount":[12]}}', undefined],
  ])('adds up what %s states in %s: %s', (id, input, amount) => {
    expect(listAdditions(counter('c', 'person', refunds), calling(id, input))?.[0]?.amount).toBe(amount);
  });
});

describe('reserveUsage', () => {
  const counters = [counter('hour', 'person'), counter('refunded', 'person', refunds)];

  it('counts what is read and no other', async () => {
    const store = new ProcessCounters(() => 0);
    const reserve = (dependsOn: readonly string[]): ReturnType<typeof reserveUsage> =>
      reserveUsage(store, counters, dependsOn, calling('desk/refund', '{"order":{"amount":7}}'));
    expect((await reserve(['/usage/hour', '/input/x']))?.usage).toEqual({ hour: 1, refunded: 0 });
    expect((await reserve(['/usage']))?.usage).toEqual({ hour: 2, refunded: 7 });
    expect((await reserve(['/usage/refunded']))?.usage).toEqual({ hour: 0, refunded: 14 });
    expect((await reserve([]))?.usage).toEqual({ hour: 0, refunded: 0 });
  });

  it('leaves nothing behind where one of them cannot be counted', async () => {
    const store = new ProcessCounters(() => 0);
    const wrong = calling('desk/refund', '{"order":{"amount":-7}}');
    expect(await reserveUsage(store, counters, ['/usage'], wrong)).toBeUndefined();
    const silent: UsageStore = {
      reserve: (addition) => (addition.amount === 1 ? store.reserve(addition) : undefined),
    };
    const right = calling('desk/refund', '{"order":{"amount":7}}');
    expect(await reserveUsage(silent, counters, ['/usage'], right)).toBeUndefined();
    expect((await reserveUsage(store, counters, ['/usage'], right))?.usage).toEqual({ hour: 1, refunded: 7 });
  });

  it('gives all back at once', async () => {
    const store = new ProcessCounters(() => 0);
    const call = calling('desk/refund', '{"order":{"amount":7}}');
    (await reserveUsage(store, counters, ['/usage'], call))?.release();
    expect((await reserveUsage(store, counters, ['/usage'], call))?.usage).toEqual({ hour: 1, refunded: 7 });
  });
});
