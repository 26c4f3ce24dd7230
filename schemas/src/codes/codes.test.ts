import { describe, expect, it } from '@jest/globals';
import { codes } from './codes.ts';

describe('codes', () => {
  // Callers switch on these: a code may be added, never renamed or removed.
  it('stay what callers know', () => {
    expect(Object.keys(codes).sort()).toMatchSnapshot();
  });

  it.each(Object.entries(codes))('%s says in one sentence each what happened and what to do', (_, entry) => {
    expect(entry.meaning).toMatch(/^[A-Z][^\n|]*\.$/);
    expect(entry.remedy).toMatch(/^[A-Z][^\n|]*\.$/);
  });

  it('are denials with status 200, or refusals with 4xx or 5xx', () => {
    expect(Object.values(codes).filter(({ http }) => http !== 200 && http < 400)).toEqual([]);
  });
});
