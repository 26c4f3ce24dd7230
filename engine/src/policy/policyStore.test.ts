import { describe, expect, it } from '@jest/globals';
import { cedarModule, compileAll } from '../../test/oracle.ts';
import { Engine } from '../engine.ts';
import { PolicyList, type PolicyStore } from './policyStore.ts';

const permit = (id: string): string =>
  `@id("${id}") permit (principal, action, resource) when { context.${id} };`;

describe('PolicyList', () => {
  const policies = compileAll(['c', 'a', 'b'].map(permit));
  const list = new PolicyList(policies);

  it('has policies in the order of their ids', () => {
    expect(list.count).toBe(3);
    expect([0, 1, 2].map((place) => list.read(place).id)).toEqual(['a', 'b', 'c']);
    expect(list.outlines().map(({ scope }) => scope)).toEqual(policies.map(({ scope }) => scope));
  });

  it.each([-1, 3, 0.5, NaN])('throws where there is none: %d', (place) => {
    expect(() => list.read(place)).toThrow(RangeError);
  });
});

describe('an engine over a store', () => {
  it('reads what a request asks about, and nothing else', () => {
    const list = new PolicyList(
      compileAll(['a', 'b', 'c'].map((id) => permit(id).replace('action,', `action == Action::"${id}",`))),
    );
    const read: number[] = [];
    const store: PolicyStore = {
      count: list.count,
      outlines: () => list.outlines(),
      read: (place) => {
        read.push(place);
        return list.read(place);
      },
    };
    const engine = new Engine({ module: cedarModule, policies: store, entities: [], families: [] });
    expect(read).toEqual([]);
    const ann = { type: 'Person', id: 'ann' };
    const request = { principal: ann, resource: ann, entities: [], supplied: [], approved: [] };
    const decide = (id: string): string =>
      engine.decide({ ...request, action: { type: 'Action', id }, context: { [id]: true } }).kind;
    expect(decide('b')).toBe('allow');
    expect(new Set(read)).toEqual(new Set([1]));
    read.length = 0;
    expect([decide('b'), decide('d')]).toEqual(['allow', 'deny']);
    expect(read).toEqual([]);
  });
});
