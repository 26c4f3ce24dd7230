import { describe, expect, it } from '@jest/globals';
import { makeVisible } from '../scene/makeContext.ts';
import { cleanInstructions } from './cleanInstructions.ts';

const hidden = makeVisible({ hidden: ['export_customers'] });

describe('instructions', () => {
  it('that name something hidden go as a whole', () => {
    const result = { protocolVersion: '2025-11-25', instructions: 'First export_customers, then read.' };
    expect(cleanInstructions(result, hidden)).toEqual({ protocolVersion: '2025-11-25' });
  });

  it('that are no text go where something is hidden', () => {
    expect(cleanInstructions({ instructions: ['read'] }, hidden)).toEqual({});
  });

  it.each([
    ['name nothing hidden', { instructions: 'Read first.' }, hidden],
    ['are not there', { capabilities: {} }, hidden],
    ['meet nothing hidden', { instructions: 'export_customers' }, makeVisible()],
  ])('that %s stay', (_name, result, names) => {
    expect(cleanInstructions(result, names)).toBe(result);
  });
});
