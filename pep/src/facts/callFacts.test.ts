import { describe, expect, it } from '@jest/globals';
import { parseStrictJson, type JsonObject } from '@cardea/schemas/json';
import { factSchemas, readWire } from '@cardea/schemas/wire';
import { sampleIdentity } from '../../test/sampleIdentity.ts';
import type { Identity } from '../identify/identity.ts';
import { CallFacts, type Circumstances } from './callFacts.ts';

const words = { subject: {}, agent: { id: 'assistant', groups: [] }, grant: { id: 'g' } };

function factsOf(input: string | undefined, change: Partial<Circumstances> = {}): CallFacts {
  return new CallFacts({
    identity: { words } as unknown as Identity,
    target: {
      method: 'tools/call',
      type: 'Tool',
      id: 'desk/refund',
      input: input === undefined ? undefined : (parseStrictJson(input) as JsonObject),
    },
    nowMs: Date.parse('2026-11-25T12:00:00.250Z'),
    session: {
      id: 's',
      createdMs: Date.parse('2026-11-25T09:30:00Z'),
      usedMs: Date.parse('2026-11-25T11:59:58Z'),
    },
    address: '10.0.0.1',
    client: 'test',
    protocol: '2025-11-25',
    ...change,
  });
}

describe('CallFacts', () => {
  it('states each family as the decision API takes it', () => {
    const facts = factsOf('{"text":"4111111111111111"}');
    expect(facts.family('session')).toEqual({ id: 's', ageHours: 2, ageSeconds: 9_000, idleSeconds: 2 });
    expect(facts.family('request')).toEqual({
      time: '2026-11-25T12:00:00.250Z',
      address: '10.0.0.1',
      client: 'test',
      protocol: '2025-11-25',
    });
    expect(facts.family('findings')).toMatchObject({ personal: ['card_number'] });
    expect(facts.family('agent')).toBe(words.agent);
    expect(facts.family('grant')).toBe(words.grant);
    for (const family of ['session', 'request', 'findings', 'approvals'] as const) {
      readWire(factSchemas[family] as never, facts.family(family));
    }
  });

  it('names a server in the grant where the grant names one of its tools, for actions on the server alone', () => {
    const identity = sampleIdentity('ann', { tools: ['pay/refund'] });
    const serversOf = (type: 'Server' | 'Tool', id: string): unknown => {
      const target = { method: 'initialize', type, id, input: undefined };
      return factsOf(undefined, { identity, target }).family('grant')?.['servers'];
    };
    expect(serversOf('Server', 'desk')).toEqual(['desk']);
    expect(serversOf('Server', 'pay')).toEqual(['desk', 'pay']);
    expect(serversOf('Server', 'pa')).toEqual(['desk']);
    expect(serversOf('Tool', 'pay/refund')).toEqual(['desk']);
  });

  it.each(['usage', 'input', 'constructor', '__proto__', ''])('has no family %j', (name) => {
    expect(factsOf('{}').family(name)).toBeUndefined();
  });

  it('gives no age below zero when a clock was set back', () => {
    const session = { id: 's', createdMs: Date.parse('2027-01-01'), usedMs: Date.parse('2027-01-01') };
    expect(factsOf('{}', { session }).family('session')).toEqual({
      id: 's',
      ageHours: 0,
      ageSeconds: 0,
      idleSeconds: 0,
    });
  });

  it('makes each family once', () => {
    const facts = factsOf('{"a":1}');
    expect(facts.family('findings')).toBe(facts.family('findings'));
  });

  it.each<[string, string, number, unknown]>([
    ['{"a":{"b":1}}', 'input a b', 2, 1],
    ['{"a":{"b":null}}', 'input a b', 2, null],
    ['{"a":{}}', 'input a b', 2, undefined],
    ['{"a":"x"}', 'input a b', 1, 'x'],
    ['{"a":null}', 'input a b', 1, null],
    ['{"a":[{"b":1}]}', 'input a b', 1, [{ b: 1 }]],
    ['{}', 'input a b', 1, undefined],
    ['{}', 'input constructor', 1, undefined],
    ['{}', 'input toString call', 1, undefined],
    ['{"__proto__":{"x":1}}', 'input __proto__ x', 2, 1],
    ['{}', 'usage hour', 0, undefined],
    ['{}', 'input', 0, {}],
  ])('of %s, %j goes %i deep and meets %j', (input, path, depth, value) => {
    expect(factsOf(input).at(path.split(' '))).toEqual({ depth, value });
  });
});
