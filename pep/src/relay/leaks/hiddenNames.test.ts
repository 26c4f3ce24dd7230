import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makeVisible } from '../scene/makeContext.ts';
import { hidesNothing, holdsHidden, learnHidden, namesHidden } from './hiddenNames.ts';

const visible = makeVisible({
  hidden: ['export_customers', 'wipe', 'file:///secret/{path}', '/etc', '***', 'naïve', 'a.b', 'refund_all'],
  tools: ['refund_all_orders'],
});

describe('a text names something hidden', () => {
  it.each([
    'Unknown tool: export_customers',
    'Did you mean "export_customers"?',
    'EXPORT_CUSTOMERS',
    'desk/export_customers.',
    'desk.export_customers-v2',
    'wipe',
    'use wipe, please',
    'see file:///secret/{path}',
    'under /etc and more',
    'the *** tool',
    'NAÏVE',
    'a.b',
    'a.bc a.b',
    'export_customers2',
    'my_export_customers',
    'mcp__desk__export_customers',
    'ExportCustomers',
    'exportCustomers()',
    'export-customers',
    'export.customers',
    'export\u200b_customers',
    'export\u00ad_cust\u2060omers',
    'ｅxport＿customers',
    'refund_all',
    'use refund_all!',
  ])('in %p', (text) => {
    expect(namesHidden(text, visible)).toBe(true);
  });

  it.each([
    'export customers',
    'wiped',
    'a swipe',
    'wipé',
    'profile:///secret',
    'file:///secret/{pathology',
    '**',
    'a.bc',
    'a b',
    'refund_all_orders',
    'refund-all-orders',
    '',
  ])('not in %p', (text) => {
    expect(namesHidden(text, visible)).toBe(false);
  });

  it('nowhere where nothing is hidden', () => {
    expect(namesHidden('export_customers', makeVisible({ tools: ['read'] }))).toBe(false);
    expect([hidesNothing(makeVisible()), hidesNothing(visible)]).toEqual([true, false]);
  });

  it('that was withheld from a list of this identity', () => {
    const [own, other] = [makeVisible({ prompts: ['summary'] }), makeVisible()];
    learnHidden(own, ['unreviewed_tool', 'summary', 'x'.repeat(128)]);
    expect(namesHidden('try UnreviewedTool', own)).toBe(true);
    expect(namesHidden('summary', own)).toBe(false);
    expect(namesHidden('try unreviewed_tool', other)).toBe(false);
    learnHidden(
      own,
      Array.from({ length: 200 }, (_, at) => `tool_number_${at}z`),
    );
    expect([namesHidden('tool_number_9z', own), namesHidden('tool_number_199z', own)]).toEqual([true, false]);
  });

  it('in a key or a member of a value', () => {
    expect(holdsHidden({ a: [{ b: 'wipe' }] }, visible)).toBe(true);
    expect(holdsHidden({ a: [{ export_customers: 1 }] }, visible)).toBe(true);
    expect(holdsHidden([null, 1, true, { a: 'read' }], visible)).toBe(false);
  });

  it('wherever it stands between characters of no word', () => {
    const names = fc.stringMatching(/^[a-z_]{1,8}([/.:-][a-z]{1,4}){0,2}$/);
    const around = fc.string({
      unit: fc.constantFrom(' ', '"', '.', '/', '(', '\n', 'é ', '"x" '),
      maxLength: 4,
    });
    fc.assert(
      fc.property(names, around, around, (name, before, after) => {
        const text = `${before} ${name} ${after}`;
        expect(namesHidden(text, makeVisible({ hidden: [name, 'other'] }))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('found in time that grows with the text alone', () => {
    const many = makeVisible({ hidden: Array.from({ length: 20_000 }, (_, at) => `tool_${at}`) });
    const text = 'tool_x tool1x00x '.repeat(20_000);
    namesHidden('', many);
    const start = performance.now();
    expect(namesHidden(text, many)).toBe(false);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
