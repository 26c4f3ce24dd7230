import { describe, expect, it } from '@jest/globals';
import type { CedarEntity, CedarRecord } from '@cardea/schemas/cedar';
import { cedarModule, compileAll } from '../../test/oracle.ts';
import { Engine } from '../engine.ts';
import { valuesReadMax } from './valueCount.ts';

const ann = { type: 'Person', id: 'ann' };
const many: CedarRecord = { list: Array<number>(valuesReadMax).fill(1) };
const annWithMany: CedarEntity = { uid: ann, attrs: many, parents: [] };
const none: readonly CedarEntity[] = [];

interface Given {
  readonly when: string;
  readonly context?: CedarRecord;
  readonly ofRequest?: readonly CedarEntity[];
  readonly ofBundle?: readonly CedarEntity[];
}

function decide({ when, context = {}, ofRequest = none, ofBundle = none }: Given): string {
  const policies = compileAll([`@id("p") permit (principal, action, resource) when { ${when} };`]);
  const engine = new Engine({ module: cedarModule, policies, entities: ofBundle, families: [] });
  const tuple = { principal: ann, action: { type: 'Action', id: 'use' }, resource: ann, entities: ofRequest };
  return engine.decide({ ...tuple, context, supplied: [], approved: [] }).kind;
}

describe('the values of a request', () => {
  const readsContext = 'context has list && context.list.contains(1)';
  const readsPrincipal = 'principal.list.contains(1)';

  it.each<[string, Given]>([
    ['of the context', { when: readsContext, context: many }],
    ['of its own entities', { when: readsPrincipal, ofRequest: [annWithMany] }],
  ])('are refused past a limit when policies read them: %s', (_, given) => {
    expect(() => decide(given)).toThrow(expect.objectContaining({ code: 'too_large' }));
  });

  it.each<[string, Given]>([
    ['nobody reads them', { when: 'true', context: many, ofRequest: [annWithMany] }],
    ['the bundle holds them', { when: readsPrincipal, ofBundle: [annWithMany] }],
  ])('have no limit when %s', (_, given) => {
    expect(decide(given)).toBe('allow');
  });

  it('are refused past a limit in a list too, where something that is read is open', () => {
    const when = 'principal.list.contains(1) && context.open';
    const policies = compileAll([`@id("p") permit (principal, action, resource) when { ${when} };`]);
    const engine = new Engine({ module: cedarModule, policies, entities: [], families: [] });
    const tuple = {
      principal: ann,
      action: { type: 'Action', id: 'use' },
      resource: ann,
      entities: [annWithMany],
    };
    expect(() => engine.isVisible(tuple, ['open'])).toThrow(expect.objectContaining({ code: 'too_large' }));
    expect(
      engine.isVisible({ ...tuple, entities: [{ ...annWithMany, attrs: { list: [1] } }] }, ['open']),
    ).toBe(true);
  });
});
