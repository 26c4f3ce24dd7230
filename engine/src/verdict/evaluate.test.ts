import { describe, expect, it } from '@jest/globals';
import type { CedarRecord } from '@cardea/schemas/cedar';
import { cedarModule, compileAll } from '../../test/oracle.ts';
import type { PolicyName } from '../policy/compilePolicy.ts';
import { makePlainSet } from '../policy/policySet.ts';
import { sortPolicies } from '../policy/policyStore.ts';
import { PreparsedSets } from '../policy/preparsedSets.ts';
import { Slice } from '../policy/slice.ts';
import { CedarHost } from '../wasm/cedarHost.ts';
import { EngineFault } from '../wasm/cedarInstance.ts';
import { evaluateSet, evaluateSlice, writeReadRequest } from './evaluate.ts';

const all = '(principal, action, resource)';
const host = new CedarHost(cedarModule);
const preparsed = new PreparsedSets(host);
let slices = 0;

function sliceOf(texts: readonly string[]): Slice {
  const policies = sortPolicies(compileAll(texts, host));
  return new Slice(() => policies, (slices += 1));
}

function write(slice: Slice, context: CedarRecord): string {
  const ann = { type: 'Person', id: 'ann' };
  const request = { principal: ann, action: { type: 'Action', id: 'use' }, resource: ann, entities: [] };
  return writeReadRequest({ ...request, context }, slice.uses);
}

function evaluate(
  slice: Slice,
  context: CedarRecord,
): { allowed: boolean; determining: string[]; errored: string[] } {
  const { allowed, determining, errored } = evaluateSlice(host, preparsed, slice, write(slice, context));
  const idOf = ({ id }: PolicyName): string => id;
  return { allowed, determining: determining.map(idOf), errored: errored.map(idOf) };
}

const policies = [
  `@id("permit") permit ${all} when { context.permit };`,
  ...['c', 'a', 'b'].map((id) => `@id("forbid-${id}") forbid ${all} when { context.${id} };`),
];
const quiet = { permit: true, a: false, b: false, c: false };

describe('evaluateSlice', () => {
  const slice = sliceOf(policies);

  it('hears the permits where no forbid has anything to say', () => {
    expect(evaluate(slice, quiet)).toEqual({ allowed: true, determining: ['permit'], errored: [] });
    expect(evaluate(slice, { ...quiet, permit: false })).toEqual({
      allowed: false,
      determining: [],
      errored: [],
    });
  });

  it('names the permit that failed where no forbid has anything to say', () => {
    expect(evaluate(slice, { a: false, b: false, c: false })).toEqual({
      allowed: false,
      determining: [],
      errored: ['permit'],
    });
  });

  it('names every forbid behind a screen that fired, sorted', () => {
    expect(evaluate(slice, { ...quiet, a: true, c: true })).toEqual({
      allowed: false,
      determining: ['forbid-a', 'forbid-c'],
      errored: [],
    });
  });

  it('names a forbid that failed behind a screen', () => {
    expect(evaluate(slice, { permit: true, a: false, b: false })).toEqual({
      allowed: false,
      determining: [],
      errored: ['forbid-c'],
    });
  });

  it('names those that failed behind one that fired, and those that fired behind one that failed', () => {
    for (const [fired, failed] of [
      ['a', 'b'],
      ['b', 'a'],
      ['c', 'a'],
    ] as const) {
      const context = Object.entries({ ...quiet, [fired]: true }).filter(([name]) => name !== failed);
      expect(evaluate(slice, Object.fromEntries(context))).toEqual({
        allowed: false,
        determining: [`forbid-${fired}`],
        errored: [`forbid-${failed}`],
      });
    }
  });

  it('looks at a single forbid without a screen', () => {
    expect(evaluate(sliceOf(policies.slice(0, 2)), { permit: true, c: true })).toEqual({
      allowed: false,
      determining: ['forbid-c'],
      errored: [],
    });
  });

  it.each([65, 130])('hears each of %d forbids, behind several screens', (count) => {
    const many = sliceOf(
      Array.from({ length: count }, (_, at) => `@id("f${at}") forbid ${all} when { context.n == ${at} };`),
    );
    for (let at = 0; at < count; at += 1) {
      expect(evaluate(many, { n: at })).toEqual({ allowed: false, determining: [`f${at}`], errored: [] });
    }
    expect(evaluate(many, { n: count })).toEqual({ allowed: false, determining: [], errored: [] });
  });
});

describe('evaluateSet', () => {
  it('says nothing of its own where a screen fired', () => {
    const slice = sliceOf(policies);
    expect(
      evaluateSet(host, preparsed, slice.screenedSet, write(slice, { ...quiet, a: true })),
    ).toBeUndefined();
  });

  it('throws where the engine refuses the request', () => {
    const policies = compileAll([`@id("x") permit ${all};`], host);
    const set = makePlainSet(() => policies);
    expect(() => evaluateSet(host, preparsed, set, '"principal":1')).toThrow(EngineFault);
  });
});

describe('writeReadRequest', () => {
  const written = (condition: string): Record<string, unknown> => {
    const slice = sliceOf([`@id("x") permit ${all} when { ${condition} };`]);
    return JSON.parse(`{${write(slice, {})}}`) as Record<string, unknown>;
  };
  const ann = { type: 'Person', id: 'ann' };
  const use = { type: 'Action', id: 'use' };
  const nobody = { type: 'Unread', id: '' };

  it.each([
    ['true', nobody, nobody, nobody],
    ['principal is Person', ann, nobody, nobody],
    ['action in Action::"read"', nobody, use, nobody],
    ['resource has owner', nobody, nobody, ann],
    ['{a: principal}.a == (if context.b then resource else resource)', ann, nobody, ann],
  ])('tells who is who to conditions that ask: %s', (condition, principal, action, resource) => {
    expect(written(condition)).toEqual({ principal, action, resource, context: {}, entities: [] });
  });
});
