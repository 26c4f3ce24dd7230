import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@cardea/schemas/json';
import { cleanCompletion } from './cleanCompletion.ts';

const hidden = new Set(['export_customers']);
const clean = (completion: JsonObject): JsonObject => cleanCompletion({ completion, _meta: {} }, hidden);

describe('a completion', () => {
  it('loses the values that name something hidden, and counts without them', () => {
    const completion = { values: ['read', 'export_customers', 'x'], total: 5, hasMore: true, more: 1 };
    const cleaned = { values: ['read', 'x'], total: 4, hasMore: true, more: 1 };
    expect(clean(completion)).toEqual({ completion: cleaned, _meta: {} });
  });

  it('is the same where it names nothing hidden', () => {
    const result = { completion: { values: ['read'], total: 1 } };
    expect(cleanCompletion(result, hidden)).toBe(result);
  });

  it('loses what is no text', () => {
    expect(clean({ values: ['read', { name: 'x' }, 7] })).toMatchObject({ completion: { values: ['read'] } });
  });

  it('never counts fewer than it has', () => {
    const completion = { values: ['a', 'export_customers'], total: 1 };
    expect(clean(completion)).toMatchObject({ completion: { values: ['a'], total: 1 } });
  });

  it.each<[string, JsonObject]>([
    ['no values', { total: 1 }],
    ['values that are no list', { values: 'export_customers' }],
    ['values in capitals', { values: [], Values: ['export_customers'] }],
  ])('is refused with %s', (_name, completion) => {
    expect(() => clean(completion)).toThrow(expect.objectContaining({ code: 'upstream_invalid' }));
  });

  it('is left alone where nothing is hidden', () => {
    const result = { completion: { Values: 1 } };
    expect(cleanCompletion(result, new Set())).toBe(result);
  });
});
