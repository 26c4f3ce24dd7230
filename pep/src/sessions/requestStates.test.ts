import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Refusal } from '@cardea/schemas/codes';
import { parseStrictJson, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { sampleIdentity } from '../../test/sampleIdentity.ts';
import { RequestStates, type StatefulCall } from './requestStates.ts';
import { SealedIds } from './sealedId.ts';
import { makeSealing } from './sealing.ts';

const sealing = makeSealing({ organisation: 'acme', keys: [], limits: undefined });
const read = (text: string): JsonObject => parseStrictJson(text) as JsonObject;
const call: StatefulCall = {
  server: 'desk',
  identity: sampleIdentity('ann'),
  method: 'tools/call',
  params: read(
    '{"name":"refund","arguments":{"amount":9007199254740993,"note":"ü"},"_meta":{"progressToken":1}}',
  ),
};

let nowMs: number;
let states: RequestStates;
let sealed: string;

beforeEach(() => {
  nowMs = 1_000_000;
  states = new RequestStates(sealing, () => nowMs);
  sealed = states.seal('state of the server', call);
});

function open(state: JsonValue, change: Partial<StatefulCall> = {}, where = states): string {
  try {
    return where.open(state, { ...call, ...change });
  } catch (refusal) {
    return (refusal as Refusal).code;
  }
}

describe('the state of a call', () => {
  it('is what the server gave, for the same call', () => {
    expect(open(sealed)).toBe('state of the server');
    expect(sealed).not.toContain('state');
  });

  it.each(['', '\0', '"\\', 'ü𝄞', 'x'.repeat(256 * 1024)])('comes back as it was: %j', (state) => {
    expect(open(states.seal(state, call))).toBe(state);
  });

  it('comes back in another replica', () => {
    expect(open(sealed, {}, new RequestStates(sealing, () => nowMs))).toBe('state of the server');
  });

  it.each<[string, string]>([
    [
      'in another round',
      '{"requestState":"s","inputResponses":{"a":{"action":"accept"}},"name":"refund","arguments":{"amount":9007199254740993,"note":"ü"},"_meta":{"progressToken":2}}',
    ],
    ['in another order', '{"arguments":{"note":"\\u00fc","amount":9007199254740993},"name":"refund"}'],
  ])('belongs to the same call %s', (_name, params) => {
    expect(open(sealed, { params: read(params) })).toBe('state of the server');
  });

  it.each<[string, Partial<StatefulCall>]>([
    ['another person', { identity: sampleIdentity('bob') }],
    ['another grant', { identity: sampleIdentity('ann', { id: 'g-2' }) }],
    ['another agent', { identity: sampleIdentity('ann', { agent: { id: 'other', groups: [] } }) }],
    ['another server', { server: 'stripe' }],
    ['another method', { method: 'prompts/get' }],
    ['another tool', { params: { ...call.params, name: 'pay' } }],
    ['other arguments', { params: { ...call.params, arguments: { amount: 1, note: 'ü' } } }],
    [
      'an argument that only rounds to the same',
      { params: read('{"name":"refund","arguments":{"amount":9007199254740992,"note":"ü"}}') },
    ],
    ['more parameters', { params: { ...call.params, task: { ttl: 1 } } }],
    ['no parameters', { params: undefined }],
  ])('is none for %s', (_name, change) => {
    expect(open(sealed, change)).toBe('unknown_state');
  });

  it.each<[string, (state: string) => JsonValue]>([
    ['the one that the server gave', () => 'state of the server'],
    ['nothing', () => ''],
    ['null', () => null],
    ['a number', () => 1],
    ['an array', (state) => [state]],
    ['an object', (state) => ({ state })],
    ['one with a character changed', (state) => (state.startsWith('A') ? 'B' : 'A') + state.slice(1)],
    ['one cut short', (state) => state.slice(0, -1)],
    ['one with more behind it', (state) => `${state}A`],
    ['a padded one', (state) => `${state}=`],
    ['one in another case', (state) => state.toLowerCase()],
    ['an id of a session', () => new SealedIds(sealing).seal(seed, 'desk', call.identity) ?? ''],
  ])('is not %s', (_name, change) => {
    expect(open(change(sealed))).toBe('unknown_state');
  });

  const seed = {
    upstreamId: 's',
    protocol: '2025-11-25',
    changing: new Set<'tools'>(),
    createdMs: 1_000_000,
  };

  it('is none when it is too old', () => {
    nowMs += sealing.limits.maxAgeMs;
    expect(open(sealed)).toBe('state of the server');
    nowMs += 1;
    expect(open(sealed)).toBe('unknown_state');
  });

  it('may be only so large', () => {
    expect(() => states.seal('x'.repeat(256 * 1024 + 1), call)).toThrow('a requestState may have');
  });
});
