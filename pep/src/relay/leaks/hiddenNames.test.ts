import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { namesHidden } from './hiddenNames.ts';

const hidden = new Set(['export_customers', 'wipe', 'file:///secret/{path}', '/etc', '***', 'naïve', 'a.b']);

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
  ])('in %p', (text) => {
    expect(namesHidden(text, hidden)).toBe(true);
  });

  it.each([
    'export_customers2',
    'my_export_customers',
    'wiped',
    'a swipe',
    'wipé',
    'profile:///secret',
    'file:///secret/{pathology',
    '**',
    'a.bc',
    'a b',
    '',
  ])('not in %p', (text) => {
    expect(namesHidden(text, hidden)).toBe(false);
  });

  it('nowhere where nothing is hidden', () => {
    expect(namesHidden('export_customers', new Set())).toBe(false);
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
        expect(namesHidden(text, new Set([name, 'other']))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('found in time that grows with the text alone', () => {
    const many = new Set(Array.from({ length: 20_000 }, (_, at) => `tool_${at}`));
    const text = 'tool_x '.repeat(20_000);
    namesHidden('', many);
    const start = performance.now();
    expect(namesHidden(text, many)).toBe(false);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
