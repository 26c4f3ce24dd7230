import { describe, expect, it } from '@jest/globals';
import { readsFleeting } from './fleetingPaths.ts';

describe('readsFleeting', () => {
  it.each([
    '',
    '/request',
    '/request/time',
    '/session',
    '/session/idleSeconds',
    '/usage/hour',
    '/usage',
    '/approvals/people',
  ])('is true of %j', (path) => {
    expect(readsFleeting(['/input/amount', path])).toBe(true);
  });

  it.each(['/input/usage', '/request/address', '/session/ageHours', '/usages', '/grant/id', '/agent'])(
    'is false of %j',
    (path) => {
      expect(readsFleeting([path])).toBe(false);
    },
  );
});
