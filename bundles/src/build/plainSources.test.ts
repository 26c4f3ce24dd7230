import { describe, expect, it } from '@jest/globals';
import { engine, guardrails, makeSources, plainFiles, stripe } from '../../test/sample.ts';
import { viewBuilt } from '../publish.ts';
import { buildBundle } from './buildBundle.ts';

type Change = Readonly<Record<string, string | undefined>>;

const json = (value: object): string => JSON.stringify(value);
const policy = (text: string): Change => ({ 'policies/own.cedar': text });

describe('buildBundle of profile plain', () => {
  const none = new Map<string, never>();
  const buildPlain = (change: Change = {}) =>
    buildBundle(makeSources(change, plainFiles), { engine, guardrails: none });

  it('writes out what the schema leaves implicit, and the actions with their groups', async () => {
    const result = await buildPlain();
    if (result.kind === 'refused') throw new Error(JSON.stringify(result.problems));
    expect(viewBuilt(result.bundle).entities).toEqual([
      { uid: { type: 'Action', id: 'all' }, attrs: {}, parents: [] },
      { uid: { type: 'Action', id: 'read' }, attrs: {}, parents: [{ type: 'Action', id: 'all' }] },
      {
        uid: { type: 'User', id: 'ann' },
        attrs: {
          address: { __extn: { fn: 'ip', arg: '10.0.0.1' } },
          lead: { __entity: { type: 'User', id: 'bob' } },
          limits: [{ __extn: { fn: 'decimal', arg: '1.5' } }],
        },
        parents: [{ type: 'Team', id: 'core' }],
        tags: { joined: { __extn: { fn: 'datetime', arg: '2026-01-01' } } },
      },
    ]);
  });

  const [ann] = JSON.parse(plainFiles['entities.json'] ?? '') as [{ uid: object; attrs: object }];
  it.each<[string, Change, string]>([
    ['no schema', { 'schema.cedarschema': undefined }, 'source_missing'],
    ['a schema that does not parse', { 'schema.cedarschema': 'entity ;' }, 'schema_invalid'],
    ['a schema with an unknown type', { 'schema.cedarschema': 'entity A { b: Nothing };' }, 'schema_invalid'],
    ['a catalog', { 'catalog/stripe.json': json(stripe) }, 'source_misplaced'],
    [
      'a schema that kills the engine',
      { 'schema.cedarschema': `type A = ${'Set<'.repeat(5_000)}Long${'>'.repeat(5_000)};` },
      'schema_invalid',
    ],
    [
      'a policy that does not fit the schema',
      policy('@id("x") permit (principal, action, resource) when { resource.onwer == principal };'),
      'policy_invalid',
    ],
    [
      'an entity of an unknown type',
      { 'entities.json': json([{ uid: { type: 'Usr', id: 'a' }, attrs: {}, parents: [] }]) },
      'entities_invalid',
    ],
    [
      'an entity without a required attribute',
      { 'entities.json': json([{ uid: ann.uid, attrs: {}, parents: [] }]) },
      'entities_invalid',
    ],
    ['an entity twice', { 'entities.json': json([ann, ann]) }, 'entities_invalid'],
    [
      'a null',
      { 'entities.json': json([{ ...ann, attrs: { ...ann.attrs, address: null } }]) },
      'entities_invalid',
    ],
    ['entities that are no list', { 'entities.json': '{}' }, 'entities_invalid'],
  ])('refuses %s', async (_, change, code) => {
    const result = await buildPlain(change);
    expect(result.kind === 'refused' ? result.problems.map((problem) => problem.code) : 'built').toEqual([
      code,
    ]);
  });

  it('demands guardrails that are pinned, and none where none is', async () => {
    const pinned = await buildBundle(makeSources({}, plainFiles), { engine, guardrails });
    expect(pinned).toMatchObject({ kind: 'refused', problems: [{ code: 'guardrail_missing' }] });
    expect((await buildPlain()).kind).toBe('built');
  });
});
