import { describe, expect, it } from '@jest/globals';
import { deepFreeze, parseStrictJson } from './index.ts';

describe('deepFreeze', () => {
  it('freezes every object and array and returns the same value', () => {
    const value = parseStrictJson('{"a":[{"b":[]}],"__proto__":{"c":1}}');
    expect(deepFreeze(value)).toBe(value);
    const parts: unknown[] = [value];
    for (const part of parts) {
      expect(Object.isFrozen(part)).toBe(true);
      if (typeof part === 'object' && part !== null) parts.push(...(Object.values(part) as unknown[]));
    }
    expect(parts).toHaveLength(6);
  });

  it('freezes what lies below a part that was frozen already', () => {
    const inner = { a: 1 };
    deepFreeze(Object.freeze([inner]));
    expect(Object.isFrozen(inner)).toBe(true);
  });

  it.each([null, true, 1, 1n, 'a'])('returns the scalar %p', (value) => {
    expect(deepFreeze(value)).toBe(value);
  });
});
