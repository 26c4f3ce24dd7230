import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@cardea/schemas/json';
import { makeVisible } from '../scene/makeContext.ts';
import { cleanCompletion } from './cleanCompletion.ts';

const hidden = makeVisible({ hidden: ['export_customers'] });
const clean = (completion: JsonObject): JsonObject =>
  cleanCompletion({ completion, _meta: {} }, hidden, undefined);

describe('a completion', () => {
  it('loses the values that name something hidden, and counts without them', () => {
    const completion = { values: ['read', 'export_customers', 'x'], total: 5, hasMore: true, more: 1 };
    const cleaned = { values: ['read', 'x'], total: 4, hasMore: true, more: 1 };
    expect(clean(completion)).toEqual({ completion: cleaned, _meta: {} });
  });

  it('is the same where it names nothing hidden', () => {
    const result = { completion: { values: ['read'], total: 1 } };
    expect(cleanCompletion(result, hidden, undefined)).toBe(result);
  });

  it('loses what is no text', () => {
    expect(clean({ values: ['read', { name: 'x' }, 7] })).toMatchObject({ completion: { values: ['read'] } });
  });

  it.each([
    ['db://{table}', 'table', 'payroll', {}],
    ['db://{+table}', 'table', 'payroll', {}],
    ['db:/{/table}', 'table', 'payroll', {}],
    ['db://{table}', 'table', 'pay roll', {}],
    ['db://hr/{name}', 'name', 'bob', {}],
    ['db://{where}/{name}', 'name', 'bob', { where: 'hr' }],
  ])('of %s loses what would name a hidden resource: %s %s', (uri, name, value, given) => {
    const resources = makeVisible({ hidden: ['db://payroll', 'db://pay%20roll', 'db://hr/{name}'] });
    const params = {
      ref: { type: 'ref/resource', uri },
      argument: { name, value: '' },
      context: { arguments: given },
    };
    const result = { completion: { values: [value, 'users', 'hr'] } };
    const values = name === 'name' && Object.keys(given).length === 0 ? [] : ['users', 'hr'];
    const cleaned = cleanCompletion(result, resources, params);
    expect(cleaned).toEqual({
      completion: { values: uri.startsWith('db://hr') || 'where' in given ? [] : values },
    });
  });

  it('keeps what leaves a variable open, or is about something else', () => {
    const resources = makeVisible({ hidden: ['db://payroll', 'db://hr/bob'] });
    const result = { completion: { values: ['hr', 'payroll', '{x}'] } };
    for (const uri of ['db://{where}/{name}', 'db://x/{where}', 'db://a{?where}']) {
      const params = { ref: { type: 'ref/resource', uri }, argument: { name: 'where', value: '' } };
      expect(cleanCompletion(result, resources, params)).toBe(result);
    }
    expect(cleanCompletion(result, resources, { ref: 1, argument: 2 })).toBe(result);
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
    expect(cleanCompletion(result, makeVisible(), undefined)).toBe(result);
  });
});
