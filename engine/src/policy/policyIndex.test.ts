import { beforeEach, describe, expect, it } from '@jest/globals';
import { type CedarEntity, type EntityUid } from '@cardea/schemas/cedar';
import { compileAll } from '../../test/oracle.ts';
import { EntityStore, RequestEntities } from '../request/ancestry.ts';
import { PolicyIndex, type ScopeRequest } from './policyIndex.ts';

const uid = (type: string, id: string): EntityUid => ({ type, id });
const use = uid('Action', 'use');
const entity = (own: EntityUid, ...parents: EntityUid[]): CedarEntity => ({ uid: own, attrs: {}, parents });

function indexOf(...scopes: readonly string[]): PolicyIndex {
  return new PolicyIndex(compileAll(scopes.map((scope, at) => `@id("p${at}") permit (${scope});`)));
}

interface Case {
  readonly principal?: EntityUid;
  readonly resource?: EntityUid;
  readonly bundle?: readonly CedarEntity[];
  readonly own?: readonly CedarEntity[];
}

function requestOf({ principal = use, resource = use, bundle = [], own = [] }: Case): ScopeRequest {
  const entities = new RequestEntities(new EntityStore(bundle), own);
  return {
    principal,
    action: use,
    resource,
    ancestors: (key) => entities.ancestors(key),
    isLasting: (key) => entities.isLasting(key),
  };
}

function find(index: PolicyIndex, given: Case): number[] {
  return index.candidates(index.keysOf(requestOf(given)));
}

const textOf = (index: PolicyIndex, given: Case): string => index.keysOf(requestOf(given)).principal.text;

describe('keysOf', () => {
  const scopes = ['in Group::"g"', '== Group::"g"', '== P::"a"', 'is P', 'is P in Group::"h"'].map(
    (constraint) => `principal ${constraint}, action, resource`,
  );
  let index: PolicyIndex;
  const [group, other] = [uid('Group', 'g'), uid('Group', 'h')];
  const [ann, bob] = [uid('P', 'ann'), uid('P', 'bob')];

  // One index belongs to one bundle.
  beforeEach(() => {
    index = indexOf(...scopes);
  });

  it('says the same of two whom no policy tells apart', () => {
    const third = uid('Group', 'i');
    expect(textOf(index, { principal: ann, own: [entity(ann, group, third)] })).toBe(
      textOf(index, { principal: bob, own: [entity(bob, group)] }),
    );
    expect(textOf(index, { principal: uid('Q', 'ann') })).toBe(textOf(index, { principal: uid('R', 'bob') }));
  });

  it.each<[string, Case, Case]>([
    ['of another type', { principal: ann }, { principal: uid('Q', 'ann') }],
    ['in a group that is named', { principal: ann, own: [entity(ann, group)] }, { principal: ann }],
    [
      'in a group that is named for its type',
      { principal: uid('P', 'x'), own: [entity(uid('P', 'x'), other)] },
      { principal: uid('P', 'x') },
    ],
    ['named by itself', { principal: uid('P', 'a') }, { principal: ann }],
    [
      'the entity that is named, not one that lies below it',
      { principal: group },
      { principal: other, own: [entity(other, group)] },
    ],
  ])('tells apart who is %s', (_, left, right) => {
    expect(textOf(index, left)).not.toBe(textOf(index, right));
  });

  it('takes from the bundle only what the request does not state itself', () => {
    const bundle = [entity(ann, group), entity(bob, ann)];
    for (const principal of [ann, bob]) {
      const lasting = textOf(index, { principal, bundle });
      expect(textOf(index, { principal, bundle })).toBe(lasting);
      expect(textOf(index, { principal, bundle, own: [entity(ann)] })).not.toBe(lasting);
      expect(textOf(index, { principal, bundle, own: [entity(use)] })).toBe(lasting);
    }
  });

  it('remembers nothing that a request stated', () => {
    const bundle = [entity(ann)];
    const stated = textOf(index, { principal: ann, bundle, own: [entity(ann, group)] });
    expect(textOf(index, { principal: ann, bundle })).not.toBe(stated);
    expect(textOf(index, { principal: ann, bundle, own: [entity(ann, group)] })).toBe(stated);
  });
});

describe('candidates', () => {
  it.each<[string, string, Case, boolean]>([
    ['an open scope', 'principal, action, resource', {}, true],
    ['an action by name', 'principal, action == Action::"use", resource', {}, true],
    ['another action', 'principal, action == Action::"see", resource', {}, false],
    ['a list of actions', 'principal, action in [Action::"see", Action::"use"], resource', {}, true],
    ['a type', 'principal is Action, action, resource', {}, true],
    ['another type', 'principal is P, action, resource', {}, false],
    ['a resource by name', 'principal, action, resource == Action::"use"', {}, true],
    [
      'a group of the resource, of a type',
      'principal, action, resource is T in G::"g"',
      { resource: uid('T', 't'), bundle: [entity(uid('T', 't'), uid('G', 'g'))] },
      true,
    ],
    [
      'a group of the resource, of another type',
      'principal, action, resource is U in G::"g"',
      { resource: uid('T', 't'), bundle: [entity(uid('T', 't'), uid('G', 'g'))] },
      false,
    ],
  ])('finds by %s', (_, scope, given, found) => {
    expect(find(indexOf(scope), given)).toEqual(found ? [0] : []);
  });

  it('finds each once, in order', () => {
    const scope = 'principal, action in [Action::"use", Action::"write"], resource';
    const index = indexOf(...Array<string>(12).fill(scope));
    const found = find(index, { bundle: [entity(use, uid('Action', 'write'))] });
    expect(found).toEqual(Array.from({ length: 12 }, (_, at) => at));
  });
});
