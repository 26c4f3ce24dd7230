import { describe, expect, it } from '@jest/globals';
import { entityKey, Unrepresentable, type CedarEntity } from '@cardea/schemas/cedar';
import { parseStrictJson } from '@cardea/schemas/json';
import { evaluationSchema, readWire, type WireDepends } from '@cardea/schemas/wire';
import type { DecisionRequest } from '@cardea/engine';
import type { Caller } from '../../callers/caller.ts';
import { isEntityType } from './entityType.ts';
import { PlainMapping } from './plainMapping.ts';

const author: Caller = { class: 'author', name: 'author' };
const staff = { type: 'team', id: 'staff' };
const entity = (type: string, id: string, attrs = {}, parents: CedarEntity['parents'] = []): CedarEntity => ({
  uid: { type, id },
  attrs,
  parents,
});

const mapping = new PlainMapping([
  entity('user', 'bob', { role: 'admin', level: 1 }, [staff]),
  entity('Action', 'view', {}, [{ type: 'Action', id: 'any' }]),
  entity('Action', 'any'),
  entity('Shop::Action', 'buy'),
  entity('Shop::Action', 'remove'),
  entity('Store::Action', 'remove'),
]);

function map(changes: object = {}, caller: Caller = author): DecisionRequest {
  const request = {
    subject: { type: 'user', id: 'bob' },
    action: { name: 'view' },
    resource: { type: 'doc', id: '1' },
  };
  const text = JSON.stringify({ ...request, ...changes });
  const mapped = mapping.mapEvaluation(readWire(evaluationSchema, parseStrictJson(text)), caller);
  if (mapped.kind === 'unknown') throw new Error('a plain bundle knows every name');
  return mapped.request;
}

describe('PlainMapping', () => {
  it("sends no entity that the bundle knows as well, and lays the request's properties over the bundle's", () => {
    expect(map().entities).toEqual([]);
    const [stated] = map({ subject: { type: 'user', id: 'bob', properties: { role: 'guest' } } }).entities;
    expect(stated).toEqual({
      uid: { type: 'user', id: 'bob' },
      attrs: { role: 'guest', level: 1 },
      parents: [staff],
    });
  });

  it('takes a subject that acts on itself as one entity', () => {
    const self = (properties: object): object => ({ type: 'user', id: 'bob', properties });
    const { entities } = map({ subject: self({ role: 'guest' }), resource: self({ seen: true }) });
    expect(entities.at(-1)?.attrs).toEqual({ role: 'guest', level: 1, seen: true });
  });

  it('lets no client state, as those of a resource, properties that the bundle or the operator vouches for', () => {
    const listed = [
      { type: 'user', id: 'bob' },
      { type: 'user', id: 'eve' },
    ] as const;
    const subjects = new Map(listed.map((subject) => [entityKey(subject), undefined]));
    const client: Caller = { class: 'client', name: 'client', subjects };
    const about = (type: string, id: string): object => ({
      resource: { type, id, properties: { level: 9 } },
    });
    for (const id of ['bob', 'eve']) {
      expect(() => map({ subject: listed[1], ...about('user', id) }, client)).toThrow(
        expect.objectContaining({ code: 'not_permitted' }),
      );
    }
    expect(map(about('doc', 'new'), client).entities).toHaveLength(1);
  });

  it('lets no client fill in what attributes and conditions of the bundle point at', () => {
    const mia = { type: 'user', id: 'mia' };
    const pointing = new PlainMapping(
      [entity('user', 'bob', { chain: [{ manager: { __entity: mia } }] })],
      [entityKey({ type: 'user', id: 'literal' })],
    );
    const bob = { type: 'user', id: 'bob' };
    const client: Caller = {
      class: 'client',
      name: 'client',
      subjects: new Map([[entityKey(bob), undefined]]),
    };
    const about = (id: string): object => ({ type: 'user', id, properties: { level: 9 } });
    const ask = (id: string, caller: Caller): unknown =>
      pointing.mapTuple(
        { subject: bob, action: { name: 'view' }, resource: about(id) } as WireDepends,
        caller,
      );
    for (const id of ['mia', 'literal'])
      expect(() => ask(id, client)).toThrow(expect.objectContaining({ code: 'not_permitted' }));
    expect(() => ask('ned', client)).not.toThrow();
    expect(() => ask('mia', author)).not.toThrow();
  });

  it("puts the action's properties into the context, and refuses a context that has a place for them already", () => {
    const action = { name: 'view', properties: { soft: true } };
    expect(map({ action, context: { time: 1 } }).context).toEqual({ time: 1, action: { soft: true } });
    expect(() => map({ action, context: { action: 1 } })).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
  });

  it('keeps what Cedar has no type for at its place', () => {
    const { context } = map({ context: { none: null, half: 0.5, list: [null], whole: 2 } });
    expect(context).toEqual({
      none: new Unrepresentable('it is null'),
      half: new Unrepresentable('it is a fraction'),
      list: [new Unrepresentable('it is null')],
      whole: 2,
    });
  });

  it.each(['__entity', '__extn', '__expr'])('refuses %s wherever it stands', (key) => {
    const forged = { [key]: { type: 'team', id: 'staff' } };
    for (const changes of [
      { context: { a: [forged] } },
      { subject: { type: 'user', id: 'x', properties: { a: forged } } },
    ]) {
      expect(() => map(changes)).toThrow(expect.objectContaining({ code: 'reserved_key' }));
    }
  });

  it('finds actions by name where only one of a namespace has it, and lists those that are no groups', () => {
    expect(map({ action: { name: 'buy' } }).action).toEqual({ type: 'Shop::Action', id: 'buy' });
    expect(map({ action: { name: 'sell' } }).action).toEqual({ type: 'Action', id: 'sell' });
    expect(mapping.listActions()).toEqual(['buy', 'view']);
  });

  it('refuses the name of several actions, since a forbid on one of them would be skipped', () => {
    expect(() => map({ action: { name: 'remove' } })).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
  });

  it('refuses types that the engine would not take', () => {
    expect(() => map({ subject: { type: 'Action', id: 'view' } })).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
  });
});

describe('isEntityType', () => {
  it.each([
    ['user', true],
    ['Shop::user_2', true],
    ['_x', true],
    ['', false],
    ['space ship', false],
    ['2user', false],
    ['Shop::', false],
    ['Shop:user', false],
    ['if', false],
    ['Shop::Action', false],
    ['__cedar::x', false],
    ['üser', false],
  ])('%p: %p', (name, expected) => {
    expect(isEntityType(name)).toBe(expected);
  });
});
