import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@cardea/schemas/json';
import { makeVisible } from '../scene/makeContext.ts';
import { cleanError } from './cleanError.ts';

const hidden = makeVisible({ hidden: ['export_customers'] });

describe('an error', () => {
  it.each<[string, JsonObject]>([
    ['in its message', { code: -32602, message: 'no export_customers' }],
    ['in its data', { code: -32602, message: 'm', data: { tools: [{ name: 'export_customers' }] } }],
    ['in a key of its data', { code: -32602, message: 'm', data: { export_customers: 1 } }],
    ['beside its data', { code: -32602, message: 'm', hint: 'export_customers' }],
    ['to readers that match loosely', { code: -32602, message: 'm', Message: 'n' }],
  ])('that names something hidden %s keeps its code alone', (_name, error) => {
    expect(cleanError(error, hidden)).toEqual({ code: -32602, message: 'The server could not do that.' });
  });

  it('that names nothing hidden is the same', () => {
    const error = { code: 1, message: 'customers are exported', data: [null, 1, true, 'x'] };
    expect(cleanError(error, hidden)).toBe(error);
  });

  it('is the same where nothing is hidden', () => {
    const error = { code: 1, message: 'export_customers', Message: 'x' };
    expect(cleanError(error, makeVisible())).toBe(error);
  });
});
