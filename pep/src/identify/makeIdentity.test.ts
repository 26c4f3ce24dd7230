import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { factSchemas, grantSchema, principalSchema, readWire, type WireGrant } from '@cardea/schemas/wire';
import fc from 'fast-check';
import { makeIdentity } from './makeIdentity.ts';

const grant: WireGrant = {
  id: 'g-1',
  tokenSha256: 'a'.repeat(64),
  person: {
    id: 'ann',
    groups: ['support', 'everyone', 'support'],
    tags: { site: 'vie' },
  },
  agent: { id: 'assistant', groups: [], owner: 'lee' },
  servers: ['desk'],
  tools: ['stripe/create_refund'],
  effects: ['write', 'read'],
  issued: '2026-11-20T12:00:00Z',
  expires: '2026-12-20T12:00:00.5Z',
};

describe('makeIdentity', () => {
  it('words everything as the decision API takes it', () => {
    const { words } = makeIdentity(grant);
    expect(JSON.parse(JSON.stringify(words))).toEqual({
      subject: {
        type: 'Person',
        id: 'ann',
        properties: { groups: ['everyone', 'support'], tags: { site: 'vie' } },
      },
      agent: { id: 'assistant', groups: [], owner: 'lee', tags: {} },
      grant: {
        id: 'g-1',
        servers: ['desk'],
        tools: ['stripe/create_refund'],
        effects: ['read', 'write'],
        expires: '2026-12-20T12:00:00.500Z',
      },
    });
    readWire(principalSchema, words.subject['properties']);
    readWire(factSchemas.agent, words.agent);
    readWire(factSchemas.grant, words.grant);
  });

  it('can be changed by nobody', () => {
    const { words, person, agent, grant: granted } = makeIdentity(grant);
    for (const part of [
      person,
      person.groups,
      person.tags,
      agent.groups,
      granted,
      granted.tools,
      words.subject,
    ])
      expect(Object.isFrozen(part)).toBe(true);
  });

  it('is stable: digests stand in caches and sessions', () => {
    expect(makeIdentity(grant).digest).toBe(
      'b25b3fb20d8325bdc630958f7af07075a30efa42ef42fc472f28dfd8e3bda56b',
    );
  });

  it.each<[string, Partial<WireGrant>]>([
    ['order and repetition of groups', { person: { ...grant.person, groups: ['everyone', 'support'] } }],
    [
      'no tags and none mentioned',
      { agent: { ...grant.agent, tags: Object.create(null) as Record<string, never> } },
    ],
    ['how a time is spelt', { expires: '2026-12-20T12:00:00.500Z' }],
    ['the token', { tokenSha256: 'b'.repeat(64) }],
  ])('does not depend on %s', (_, change) => {
    expect(makeIdentity({ ...grant, ...change }).digest).toBe(makeIdentity(grant).digest);
  });

  it('refuses what no question could carry', () => {
    const groups = Array.from({ length: 1_000 }, (_, index) => `${index}`.padEnd(100, 'x'));
    expect(() => makeIdentity({ ...grant, person: { id: 'ann', groups } })).toThrow(RangeError);
  });

  // Few letters, so that equal ones come up, and pieces that run into each other.
  const name = fc.string({ unit: fc.constantFrom('a', 'b', '\0', 'ü'), minLength: 1, maxLength: 3 });
  const names = fc.array(name, { maxLength: 3 });
  const tags = fc.dictionary(name, name, { maxKeys: 2, noNullPrototype: false });
  const person = fc.record({ id: name, groups: names, tags }, { requiredKeys: ['id', 'groups'] });
  const agent = fc.record({ id: name, groups: names, tags, owner: name }, { requiredKeys: ['id', 'groups'] });
  const time = fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T00:00:00.0Z', '2027-01-01T00:00:00Z');
  const wire = fc.record({
    id: name,
    tokenSha256: fc.constant('a'.repeat(64)),
    person,
    agent,
    servers: fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
    tools: fc.array(fc.constantFrom('a/a', 'a/b', 'b/a'), { maxLength: 2 }),
    effects: fc.array(fc.constantFrom('read' as const, 'write' as const), { maxLength: 2 }),
    issued: time,
    expires: time,
  });

  /** What a verdict could read of it, sets as sets. */
  function meaningOf(grant: WireGrant): unknown {
    const set = (names: readonly string[]): Set<string> => new Set(names);
    const facts = ({ groups, tags = {}, ...rest }: WireGrant['agent']): unknown => ({
      ...rest,
      groups: set(groups),
      tags: new Map(Object.entries(tags)),
    });
    return {
      id: grant.id,
      person: facts(grant.person),
      agent: facts(grant.agent),
      lists: [set(grant.servers), set(grant.tools), set(grant.effects)],
      times: [Date.parse(grant.issued), Date.parse(grant.expires)],
    };
  }

  it('has the digest of another exactly if it is equal', () => {
    const change = fc.record({ person, agent, id: name, expires: time }, { requiredKeys: [] });
    fc.assert(
      fc.property(wire, wire, change, (one, other, changed) => {
        for (const second of [other, { ...one, ...changed }]) {
          const isEqual = isDeepStrictEqual(meaningOf(one), meaningOf(second));
          expect(makeIdentity(one).digest === makeIdentity(second).digest).toBe(isEqual);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes what the file can hold', () => {
    expect(() => makeIdentity(readWire(grantSchema, grant))).not.toThrow();
  });
});
